package dev.serai.trial.standin;

import dev.serai.trial.standin.SessionCounts.End;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session that is open. Guarded by the lock of {@link OpenSessions}; its id is a credential, so there is no text of it.
 *
 * @param number counts the sessions
 * @param slot it takes one of the account's slots
 * @param limit under which it was opened, null for none
 * @param endsAt as the registry's clock counts nanoseconds, meaningless without {@code endsBy}
 * @param endsBy what ends it at {@code endsAt}; null when it has no end of its own
 */
record LiveSession(
        long number,
        String id,
        Room room,
        boolean slot,
        @Nullable SlotLimit limit,
        long endsAt,
        @Nullable End endsBy) {

    @Override
    public String toString() {
        return "LiveSession[" + number + ", room=" + room.name + "]";
    }

    /** Where sessions are; guarded as they are. */
    static final class Room {
        final String name;
        final int account;
        final SessionWanted madeFor;
        final Set<LiveSession> sessions = new LinkedHashSet<>();

        /** The {@code character_session_id} of each character; used by the server's event loop only. */
        final Map<String, String> conversations = new HashMap<>(2);

        Room(String name, int account, SessionWanted madeFor) {
            this.name = name;
            this.account = account;
            this.madeFor = madeFor;
        }

        OpenRoom shown() {
            List<String> characterIds = madeFor.characterIds();
            return new OpenRoom(
                    name,
                    account,
                    characterIds,
                    madeFor.sharedSessionKey(),
                    madeFor.speakerId(),
                    madeFor.endUserId(),
                    sessions.size(),
                    (int) sessions.stream().filter(LiveSession::slot).count());
        }
    }
}
