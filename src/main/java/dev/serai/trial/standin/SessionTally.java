package dev.serai.trial.standin;

import dev.serai.trial.standin.OpenSessions.SharedKey;
import dev.serai.trial.standin.SessionCounts.End;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts of rooms and sessions since the start. Of shared keys the newest 100,000 are remembered. Guarded by the lock of
 * {@link OpenSessions}.
 */
final class SessionTally {

    private static final int MAX_SHARED_KEYS = 100_000;

    private long roomsMade;
    private long sessionsOpened;
    private final Map<End, Long> ended = new EnumMap<>(End.class);
    private final Map<SharedKey, Use> uses = new LinkedHashMap<>();

    private record Use(long rooms, long sessions) {
        private static final Use NONE = new Use(0, 0);
    }

    void roomMade(@Nullable SharedKey key) {
        roomsMade++;
        if (key != null) {
            Use use = uses.getOrDefault(key, Use.NONE);
            uses.put(key, new Use(use.rooms + 1, use.sessions));
            if (uses.size() > MAX_SHARED_KEYS) {
                uses.remove(uses.keySet().iterator().next());
            }
        }
    }

    /** The session's number, from 1. */
    long sessionOpened(@Nullable SharedKey key) {
        if (key != null) {
            uses.computeIfPresent(key, (same, use) -> new Use(use.rooms, use.sessions + 1));
        }
        return ++sessionsOpened;
    }

    void sessionEnded(End cause) {
        ended.merge(cause, 1L, Long::sum);
    }

    SessionCounts counts(int openRooms, Collection<LiveSession> open) {
        Map<Integer, Integer> openByAccount = new TreeMap<>();
        Map<Integer, Integer> slotsByAccount = new TreeMap<>();
        for (LiveSession session : open) {
            openByAccount.merge(session.room().account, 1, Integer::sum);
            if (session.slot()) {
                slotsByAccount.merge(session.room().account, 1, Integer::sum);
            }
        }
        return new SessionCounts(
                roomsMade, sessionsOpened, openRooms, open.size(), openByAccount, slotsByAccount, ended);
    }

    List<SharedKeyUse> sharedKeys(ToIntFunction<SharedKey> openSessions) {
        return uses.entrySet().stream()
                .map(entry -> new SharedKeyUse(
                        entry.getKey().account(),
                        entry.getKey().key(),
                        entry.getValue().rooms,
                        entry.getValue().sessions,
                        openSessions.applyAsInt(entry.getKey())))
                .toList();
    }
}
