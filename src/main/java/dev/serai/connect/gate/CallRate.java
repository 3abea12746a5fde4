package dev.serai.connect.gate;

import java.util.function.LongSupplier;

/**
 * A bound on how fast calls begin, or none: a token bucket, kept as the time at which it is full again (the generic cell
 * rate algorithm, ITU-T I.371). Not thread-safe: under the gate's lock.
 */
final class CallRate {
    private final double rate;
    private final int burst;
    private final LongSupplier nanos;

    private long nanosPerCall;
    private int most;

    /** By the clock; what lies behind it is as good as now. */
    private long fullAt;

    /**
     * @param rate of the fleet, calls per second; 0: no bound
     * @param burst of the fleet, at least 1
     * @param nanos a clock that never goes back
     */
    CallRate(double rate, int burst, Share share, LongSupplier nanos) {
        this.rate = rate;
        this.burst = burst;
        this.nanos = nanos;
        if (isBound()) {
            fullAt = nanos.getAsLong();
            apply(share);
        }
    }

    private boolean isBound() {
        return rate > 0;
    }

    private void apply(Share share) {
        most = share.of(burst);
        // The clock's range bounds how long a whole burst may take to come back.
        nanosPerCall = Math.clamp(Math.round(1e9 / share.of(rate)), 1, Long.MAX_VALUE / 4 / most);
    }

    /** From now on another share; as much of the burst is left as before, by proportion. */
    void share(Share share) {
        if (isBound()) {
            double used = (double) nanosUntilFull() / nanosPerCall / most;
            apply(share);
            fullAt = nanos.getAsLong() + Math.round(used * most * nanosPerCall);
        }
    }

    private long nanosUntilFull() {
        return Math.max(0, fullAt - nanos.getAsLong());
    }

    /** Nanoseconds until a call may begin; 0: now. */
    long nanosUntilFree() {
        return isBound() ? Math.max(0, nanosUntilFull() - (most - 1) * nanosPerCall) : 0;
    }

    /** The same for a call that can wait: of a burst, it leaves the last call to one that cannot. */
    long nanosUntilSpare() {
        return isBound() ? Math.max(0, nanosUntilFull() - Math.max(0, most - 2) * nanosPerCall) : 0;
    }

    void take() {
        if (isBound()) {
            if (nanosUntilFree() > 0) {
                throw new IllegalStateException("a call began before its time");
            }
            fullAt = nanos.getAsLong() + nanosUntilFull() + nanosPerCall;
        }
    }

    /** Gives back what was taken for a call that was not made; what is above the burst is lost. */
    void giveBack() {
        if (isBound()) {
            fullAt -= nanosPerCall;
        }
    }
}
