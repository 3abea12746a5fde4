package dev.serai.connect.gate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many of the plan's slots are taken, as far as is known: by the sessions that are known to be open, which somebody else
 * counts; by calls that are under way; and by rooms that a call has come to and nobody else counts yet. Such a room counts
 * until it is settled, or for as long as a session may idle: whoever forgets to settle one takes no slot for ever.
 *
 * <p>Not thread-safe: under the gate's lock.
 */
final class PlanSlots {
    private final SessionRules rules;
    private final LongSupplier open;
    private final LongSupplier nanos;

    /** When each room is over, by the call that came to it; the earliest first. */
    private final Map<Long, Long> overAt = new LinkedHashMap<>();

    private int most;

    /**
     * @param open sessions that are known to be open; not blocking, and never through the gate
     * @param nanos a clock that never goes back
     */
    PlanSlots(SessionRules rules, Share share, LongSupplier open, LongSupplier nanos) {
        this.rules = rules;
        this.open = open;
        this.nanos = nanos;
        share(share);
    }

    void share(Share share) {
        most = share.of(rules.most());
    }

    boolean isOneFree(int underWay) {
        return taken(underWay) < most;
    }

    /** @param underWay calls */
    long taken(int underWay) {
        overAt.values().removeIf(at -> at - nanos.getAsLong() <= 0);
        return open.getAsLong() + overAt.size() + underWay;
    }

    /** Nanoseconds until the first of the rooms that are counted here is over; {@link Long#MAX_VALUE} if there is none. */
    long nanosUntilOver() {
        return overAt.values().stream()
                .mapToLong(at -> Math.max(1, at - nanos.getAsLong()))
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    /** The call has come to a room. */
    void opened(Turn turn) {
        overAt.put(turn.call(), nanos.getAsLong() + rules.idle().toNanos());
    }

    /** The room that the call has come to is counted elsewhere by now, or takes no slot any more; again without effect. */
    void settled(Turn turn) {
        overAt.remove(turn.call());
    }

    int most() {
        return most;
    }
}
