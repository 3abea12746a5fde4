package dev.serai.operate.explain;

import java.time.Duration;

/** Of the command as a whole. Immutable. */
public final class TimeLeft {
    private static final Duration YEAR = Duration.ofDays(365);

    private final Duration limit;
    private final long until;

    private TimeLeft(Duration limit) {
        this.limit = limit;
        until = System.nanoTime() + limit.toNanos();
    }

    /**
     * From now on.
     *
     * @param limit what is longer than a year is a year
     */
    public static TimeLeft of(Duration limit) {
        return new TimeLeft(limit.compareTo(YEAR) < 0 ? limit : YEAR);
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
