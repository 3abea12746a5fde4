package dev.serai.connect.gate;

/**
 * One event as its gate knows it, over all of its calls. One for each event, told apart by identity. Not thread-safe: what
 * it holds is under the gate's lock.
 */
public final class Caller {
    /** The last call of anybody that had begun when this event's latest one failed; none before it has failed. */
    private long failedAfter = Long.MAX_VALUE;

    /** Likewise when it was refused last. */
    private long refusedAfter = Long.MAX_VALUE;

    private long heldIn;

    /** The call after which a good answer to another event shows that the provider works: this one, or an earlier one. */
    long since(Turn turn) {
        return Math.min(failedAfter, turn.call());
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
