package dev.serai.trial.standin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Which {@code character_session_id} belongs to which character of which API key (contract, section 1). Remembers the
 * 500,000 conversations used last; an older one is unknown again, as it may be at the provider. Thread-safe: one lock,
 * never held while anything waits.
 */
final class ConversationMemory {

    private static final int MAX_CONVERSATIONS = 500_000;

    private final int maxConversations;
    private final Map<String, Owner> ownerById = new LinkedHashMap<>(16, 0.75f, true);

    ConversationMemory() {
        this(MAX_CONVERSATIONS);
    }

    ConversationMemory(int maxConversations) {
        this.maxConversations = maxConversations;
    }

    private record Owner(int account, String characterId) {}

    enum Known {
        YES,
        /** Not at all, or of another character. */
        NO,
        /** It is another account's. */
        FOREIGN
    }

    synchronized Known knows(String characterSessionId, int account, String characterId) {
        Owner owner = ownerById.get(characterSessionId);
        if (owner == null) {
            return Known.NO;
        }
        if (owner.account != account) {
            return Known.FOREIGN;
        }
        return owner.characterId.equals(characterId) ? Known.YES : Known.NO;
    }

    synchronized String make(int account, String characterId) {
        String made = UUID.randomUUID().toString();
        ownerById.put(made, new Owner(account, characterId));
        if (ownerById.size() > maxConversations) {
            ownerById.remove(ownerById.keySet().iterator().next());
        }
        return made;
    }

    /** Every conversation so far becomes unknown. */
    synchronized void forget() {
        ownerById.clear();
    }
}
