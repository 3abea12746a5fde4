package dev.serai.trial.standin;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which {@code character_session_id} belongs to which character (contract, section 1), and the plan's limit on concurrent
 * sessions (contract, section 5). Remembers the 500,000 conversations used last; an older one is unknown again, as it may be at the
 * provider. Thread-safe: one lock, never held while anything waits.
 */
final class SessionRegistry {

    private static final int MAX_CONVERSATIONS = 500_000;

    private final LongSupplier nanoTime;
    private final int maxConversations;
    private final Map<String, String> characterBySession;
    private @Nullable Limit limit;

    SessionRegistry(LongSupplier nanoTime) {
        this(nanoTime, MAX_CONVERSATIONS);
    }

    SessionRegistry(LongSupplier nanoTime, int maxConversations) {
        this.nanoTime = nanoTime;
        this.maxConversations = maxConversations;
        this.characterBySession = new LinkedHashMap<>(16, 0.75f, true);
    }

    /** What becomes of a request for a session. */
    sealed interface Admission {
        /** A session is open under this id, the one asked for or a new one. */
        record Admitted(String characterSessionId) implements Admission {}

        /** There is no such conversation with this character. */
        record UnknownSession() implements Admission {}

        /** As many sessions are held as the plan allows. */
        record LimitReached(int max) implements Admission {}
    }

    synchronized Admission admit(String characterId, @Nullable String characterSessionId) {
        if (characterSessionId != null && !characterId.equals(characterBySession.get(characterSessionId))) {
            return new Admission.UnknownSession();
        }
        if (limit != null && !limit.take(nanoTime.getAsLong())) {
            return new Admission.LimitReached(limit.max);
        }
        if (characterSessionId != null) {
            return new Admission.Admitted(characterSessionId);
        }
        String made = UUID.randomUUID().toString();
        characterBySession.put(made, characterId);
        if (characterBySession.size() > maxConversations) {
            characterBySession.remove(characterBySession.keySet().iterator().next());
        }
        return new Admission.Admitted(made);
    }

    /** From now on at most {@code max} sessions at a time, each held for {@code heldFor}; none is held yet. */
    synchronized void limit(int max, Duration heldFor) {
        if (max < 0) {
            throw new IllegalArgumentException("the session limit must be at least 0, was " + max);
        }
        if (heldFor.isNegative()) {
            throw new IllegalArgumentException("sessions must not be held for less than nothing, was " + heldFor);
        }
        limit = new Limit(max, heldFor.toNanos());
    }

    synchronized void unlimit() {
        limit = null;
    }

    /** Sessions that take up a place of the plan; 0 without a limit. */
    synchronized int held() {
        return limit == null ? 0 : limit.held(nanoTime.getAsLong());
    }

    /** Every conversation so far becomes unknown. */
    synchronized void forget() {
        characterBySession.clear();
    }

    /** Guarded by the registry's lock. One time for all: the places become free in the order in which they were taken. */
    private static final class Limit {
        private final int max;
        private final long heldNanos;
        private final ArrayDeque<Long> takenAt = new ArrayDeque<>();

        private Limit(int max, long heldNanos) {
            this.max = max;
            this.heldNanos = heldNanos;
        }

        private boolean take(long now) {
            if (held(now) >= max) {
                return false;
            }
            takenAt.addLast(now);
            return true;
        }

        private int held(long now) {
            while (!takenAt.isEmpty() && now - takenAt.getFirst() >= heldNanos) {
                takenAt.removeFirst();
            }
            return takenAt.size();
        }
    }
}
