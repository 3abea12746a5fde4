package dev.serai.connect.gate;

import dev.serai.wire.Priority;
import org.jspecify.annotations.Nullable;

/**
 * One event as its gate knows it, over all of its calls. One for each event, told apart by identity.
 *
 * <p>Its {@link #priority} is thread-safe; all else is not, and is under the gate's lock.
 */
public final class Caller {
    private volatile Priority own = Priority.LIVE;
    private volatile boolean hurried;

    /** Where it waits just now; null while it waits nowhere. */
    private volatile @Nullable Gate waitsAt;

    /** Its ticket there. */
    private @Nullable Ticket ticket;

    /** The last call of anybody that had begun when this event's latest one failed; none before it has failed. */
    private long failedAfter = Long.MAX_VALUE;

    /** Likewise when it was refused last. */
    private long refusedAfter = Long.MAX_VALUE;

    private long heldIn;

    /** What the event says of itself, live unless it does; without effect where it waits already. */
    public void ranks(Priority asSaid) {
        own = asSaid;
    }

    /** Somebody live waits behind it, whose turn cannot come before: from now on it goes as live, also where it waits already. */
    public void hurry() {
        hurried = true;
        // Who begins to wait says where before it looks whether it is hurried.
        Gate gate = waitsAt;
        if (gate != null) {
            gate.hurries(this);
        }
    }

    /** As which it waits: as live if somebody live waits behind it. */
    public Priority priority() {
        return hurried ? Priority.LIVE : own;
    }

    void waitsAt(Gate gate, Ticket inLine) {
        ticket = inLine;
        waitsAt = gate;
    }

    void waitsNoMore() {
        waitsAt = null;
        ticket = null;
    }

    /** Where it stands in the line in which it waits; null if it waits in none. */
    @Nullable
    Ticket ticket() {
        return ticket;
    }

    /** The call after which a good answer to another event shows that the provider works: this one, or an earlier one. */
    long since(Permit permit) {
        return Math.min(failedAfter, permit.call());
    }

    void failedAfter(long latestCall) {
        failedAfter = latestCall;
    }

    /** Whether it was refused before that call of others. */
    boolean wasRefusedBefore(long call) {
        return refusedAfter < call;
    }

    void refusedAfter(long latestCall) {
        refusedAfter = latestCall;
    }

    /** Whether nobody has asked this of that time of the gate's being held, or of a later one. */
    boolean isNewIn(long timeOfHolding) {
        boolean isNew = heldIn < timeOfHolding;
        heldIn = Math.max(heldIn, timeOfHolding);
        return isNew;
    }
}
