package dev.serai.connect.gate;

import dev.serai.wire.Priority;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many of the plan's slots are taken, as far as is known: by the sessions that are known to be open, which somebody else
 * counts; by calls that are under way; and by rooms that a call has come to and nobody else counts yet. Such a room counts
 * until it is settled, or for as long as a session may idle: whoever forgets to settle one takes no slot for ever.
 *
 * <p>Where nobody has said how many slots there are, the plan is taken to be as large as the number that was taken when the
 * provider had no room last. That keeps batch events off the reserve, and nobody else off anything; and it is forgotten when a
 * session may idle no longer, so that a plan that others had filled is not taken to be small for ever.
 *
 * <p>Not thread-safe: under the gate's lock.
 */
final class PlanSlots {
    private static final int UNKNOWN = Integer.MAX_VALUE;

    private final SessionRules rules;
    private final LongSupplier open;
    private final LongSupplier nanos;

    /** When each room is over, by the call that came to it; the earliest first. */
    private final Map<Long, Long> overAt = new LinkedHashMap<>();

    private int most;
    private int reserve;
    private long full = UNKNOWN;
    private long fullUntil;

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
        most = rules.most() == null ? UNKNOWN : share.of(rules.most());
        reserve = rules.liveReserve() == 0 ? 0 : share.of(rules.liveReserve());
    }

    /** @param underWay calls */
    boolean isOneFree(int underWay, Priority priority) {
        return taken(underWay) < (priority == Priority.LIVE ? most : mostOfBatch());
    }

    /** However the parts of a fleet are rounded, there is one slot that batch events may take while nothing else does. */
    private long mostOfBatch() {
        long all = isBounded() ? most : learnt();
        return all == UNKNOWN ? UNKNOWN : Math.max(1, all - reserve);
    }

    private long learnt() {
        if (full != UNKNOWN && fullUntil - nanos.getAsLong() <= 0) {
            full = UNKNOWN;
        }
        return full;
    }

    /** @param underWay calls */
    long taken(int underWay) {
        return rooms() + underWay;
    }

    private long rooms() {
        overAt.values().removeIf(at -> at - nanos.getAsLong() <= 0);
        return open.getAsLong() + overAt.size();
    }

    /** Nanoseconds until the first of the rooms that are counted here is over; {@link Long#MAX_VALUE} if there is none. */
    long nanosUntilOver() {
        return overAt.values().stream()
                .mapToLong(at -> Math.max(1, at - nanos.getAsLong()))
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    /** The same, or until it is forgotten that the provider had no room. */
    long nanosUntilOneIsFreeForBatch() {
        return isBounded() || learnt() == UNKNOWN
                ? nanosUntilOver()
                : Math.min(nanosUntilOver(), Math.max(1, fullUntil - nanos.getAsLong()));
    }

    /** The provider had no room. Of calls that are under way nobody knows yet whether they have a slot. */
    void foundFull() {
        full = rooms();
        fullUntil = nanos.getAsLong() + rules.idle().toNanos();
    }

    /** The call has come to a room. */
    void opened(Permit permit) {
        overAt.put(permit.call(), nanos.getAsLong() + rules.idle().toNanos());
        if (learnt() != UNKNOWN) {
            full = Math.max(full, rooms());
        }
    }

    /** The room that the call has come to is counted elsewhere by now, or takes no slot any more; again without effect. */
    void settled(Permit permit) {
        overAt.remove(permit.call());
    }

    /** Whether it is said how many slots there are. */
    boolean isBounded() {
        return most != UNKNOWN;
    }

    int most() {
        return most;
    }
}
