package dev.serai.operate.explain;

import java.time.Duration;

/** Of the command as a whole. Immutable. */
public final class TimeLeft {
    private final Duration limit;
    private final long until;

    private TimeLeft(Duration limit) {
        this.limit = limit;
        until = System.nanoTime() + limit.toNanos();
    }

    public static TimeLeft of(Duration limit) {
        return new TimeLeft(limit);
    }

    Duration limit() {
        return limit;
    }

    boolean isOver() {
        return System.nanoTime() - until >= 0;
    }

    /** At least 1 ms, and no more than that. */
    Duration atMost(Duration most) {
        long nanos = Math.max(1_000_000, until - System.nanoTime());
        return nanos < most.toNanos() ? Duration.ofNanos(nanos) : most;
    }
}
