package dev.serai.trial.standin;

import dev.serai.trial.standin.LiveSession.Room;
import dev.serai.trial.standin.SessionCounts.End;
import dev.serai.trial.standin.SessionRules.DisconnectEnds;
import dev.serai.trial.standin.SessionRules.SecondCreate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that are open, their rooms, and the slots that they take (contract, sections 3 to 5). A room is there as long
 * as one of its sessions is; the sessions of its characters take the slots, those that only join take none. What has run
 * out is seen at the next call. Holds the newest 50,000 sessions. Thread-safe: one lock, never held while anything waits.
 */
final class OpenSessions {

    private static final int MAX_SESSIONS = 50_000;

    private final LongSupplier nanoTime;
    private final int maxSessions;
    private final Map<String, LiveSession> byId = new LinkedHashMap<>();
    private final TreeSet<LiveSession> byEnd = new TreeSet<>(
            Comparator.<LiveSession, Long>comparing(LiveSession::endsAt, (one, other) -> Long.signum(one - other))
                    .thenComparing(LiveSession::number));
    private final Map<String, Room> byName = new HashMap<>();
    private final Map<SharedKey, Room> bySharedKey = new HashMap<>();
    private final SessionTally tally = new SessionTally();
    private SessionRules rules;
    private @Nullable SlotLimit limit;

    OpenSessions(LongSupplier nanoTime, SessionRules rules) {
        this(nanoTime, rules, MAX_SESSIONS);
    }

    OpenSessions(LongSupplier nanoTime, SessionRules rules, int maxSessions) {
        this.nanoTime = nanoTime;
        this.rules = rules;
        this.maxSessions = maxSessions;
    }

    /** Each account has shared keys of its own. */
    record SharedKey(int account, String key) {}

    /** What becomes of a request for a session. */
    sealed interface OpenResult {
        /**
         * The sessions are open.
         *
         * @param sessionIds one for each character of the request, in its order; secrets
         * @param conversations the room's {@code character_session_id} of each character, to be added to
         */
        record Opened(String roomName, List<String> sessionIds, Map<String, String> conversations)
                implements OpenResult {
            @Override
            public String toString() {
                return "Opened[roomName=" + roomName + ", sessionIds=" + sessionIds.size() + "]";
            }
        }

        /** The shared key is in use. */
        record Conflict(boolean otherParameters) implements OpenResult {}

        /** There is no room to join. */
        record NoRoom() implements OpenResult {}

        /** As many slots are taken as the plan has. */
        record LimitReached(int max) implements OpenResult {}
    }

    synchronized OpenResult open(int account, RoomWanted wanted) {
        endWhatRanOut();
        SharedKey key = wanted.sharedSessionKey() == null ? null : new SharedKey(account, wanted.sharedSessionKey());
        Room room = key == null ? null : bySharedKey.get(key);
        boolean agents = wanted.spawnAgent();
        if (wanted.join()) {
            if (room == null) {
                return new OpenResult.NoRoom();
            }
        } else if (room != null) {
            boolean same = wanted.fits(room.madeFor);
            if (!same || rules.secondCreate() == SecondCreate.CONFLICT) {
                return new OpenResult.Conflict(!same);
            }
            agents = false;
        }
        if (limit != null
                && agents
                && !limit.fits(account, wanted.characterIds().size())) {
            return new OpenResult.LimitReached(limit.max());
        }
        if (room == null) {
            room = make(account, key, wanted);
        }
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < wanted.characterIds().size(); i++) {
            ids.add(add(room, key, agents));
        }
        return new OpenResult.Opened(room.name, ids, room.conversations);
    }

    /** Whose session this is, for whoever shows it as a credential; null unless it is open. */
    synchronized @Nullable Integer accountOf(String sessionId) {
        endWhatRanOut();
        LiveSession session = byId.get(sessionId);
        return session == null ? null : session.room().account;
    }

    /** Ends the session if it is open; which slot that frees is free at once. */
    synchronized void disconnect(String sessionId) {
        endWhatRanOut();
        LiveSession session = byId.get(sessionId);
        if (session == null) {
            return;
        }
        end(session, End.DISCONNECTED);
        if (rules.disconnectEnds() == DisconnectEnds.ROOM) {
            List.copyOf(session.room().sessions).forEach(other -> end(other, End.ROOM_ENDED));
        }
    }

    synchronized void rules(SessionRules value) {
        rules = value;
    }

    synchronized SessionRules rules() {
        return rules;
    }

    /** From now on at most {@code max} slots of each account; those taken so far do not count. */
    synchronized void limit(int max, @Nullable Duration heldFor) {
        limit = new SlotLimit(max, heldFor);
    }

    synchronized void unlimit() {
        limit = null;
    }

    /** Slots that count towards the limit; 0 without one. */
    synchronized int held() {
        endWhatRanOut();
        return limit == null ? 0 : limit.taken();
    }

    synchronized List<OpenRoom> rooms() {
        endWhatRanOut();
        return byName.values().stream().map(Room::shown).toList();
    }

    synchronized SessionCounts counts() {
        endWhatRanOut();
        return tally.counts(byName.size(), byId.values());
    }

    synchronized List<SharedKeyUse> sharedKeys() {
        endWhatRanOut();
        return tally.sharedKeys(key -> {
            Room room = bySharedKey.get(key);
            return room == null ? 0 : room.sessions.size();
        });
    }

    private Room make(int account, @Nullable SharedKey key, RoomWanted wanted) {
        String wish = wanted.roomName();
        String name = wish == null || byName.containsKey(wish) ? "room-" + UUID.randomUUID() : wish;
        Room room = new Room(name, account, wanted);
        byName.put(name, room);
        if (key != null) {
            bySharedKey.put(key, room);
        }
        tally.roomMade(key);
        return room;
    }

    private String add(Room room, @Nullable SharedKey key, boolean slot) {
        Duration idle = rules.idleAfter();
        Duration held = limit == null ? null : limit.heldFor();
        boolean heldEnds = held != null && (idle == null || held.compareTo(idle) < 0);
        Duration lasts = heldEnds ? held : idle;
        LiveSession session = new LiveSession(
                tally.sessionOpened(key),
                UUID.randomUUID().toString(),
                room,
                slot,
                slot ? limit : null,
                lasts == null ? 0 : nanoTime.getAsLong() + lasts.toNanos(),
                lasts == null ? null : heldEnds ? End.HELD : End.IDLE);
        byId.put(session.id(), session);
        room.sessions.add(session);
        if (session.limit() != null) {
            session.limit().take(room.account);
        }
        if (session.endsBy() != null) {
            byEnd.add(session);
        }
        if (byId.size() > maxSessions) {
            end(byId.values().iterator().next(), End.DROPPED);
        }
        return session.id();
    }

    private void endWhatRanOut() {
        long now = nanoTime.getAsLong();
        while (!byEnd.isEmpty() && now - byEnd.getFirst().endsAt() >= 0) {
            LiveSession session = byEnd.getFirst();
            end(session, session.endsBy() == null ? End.IDLE : session.endsBy());
        }
    }

    private void end(LiveSession session, End cause) {
        byId.remove(session.id());
        if (session.endsBy() != null) {
            byEnd.remove(session);
        }
        Room room = session.room();
        room.sessions.remove(session);
        if (session.limit() != null) {
            session.limit().free(room.account);
        }
        if (room.sessions.isEmpty()) {
            byName.remove(room.name);
            String key = room.madeFor.sharedSessionKey();
            if (key != null) {
                bySharedKey.remove(new SharedKey(room.account, key));
            }
        }
        tally.sessionEnded(cause);
    }
}
