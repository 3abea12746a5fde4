package dev.serai.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;

/**
 * Remembers the last {@code character_session_id} of each conversation with each character, in this process only: a
 * restart, or a partition that moves to another replica, forgets them, and the next event starts a new session.
 * Bounded to {@link #CAPACITY} entries, the least useful are dropped first. Thread-safe.
 */
public final class SessionMemory {
    /** About 50 MB at the usual lengths of keys and ids. */
    static final int CAPACITY = 200_000;

    private final Cache<Conversation, String> sessions =
            Caffeine.newBuilder().maximumSize(CAPACITY).build();

    private record Conversation(String key, String characterId) {}

    /** The session that the conversation last had with the character. */
    public Optional<String> latest(String conversationKey, String characterId) {
        return Optional.ofNullable(sessions.getIfPresent(new Conversation(conversationKey, characterId)));
    }

    /** Remembers a session in place of an earlier one. */
    public void remember(String conversationKey, String characterId, String characterSessionId) {
        sessions.put(new Conversation(conversationKey, characterId), characterSessionId);
    }

    /** Forgets a session that the provider no longer knows. */
    public void forget(String conversationKey, String characterId) {
        sessions.invalidate(new Conversation(conversationKey, characterId));
    }
}
