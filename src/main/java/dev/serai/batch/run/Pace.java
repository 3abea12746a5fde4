package dev.serai.batch.run;

import dev.serai.batch.JobRun;
import dev.serai.batch.JobRun.Wait;
import dev.serai.batch.JobSpec;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When the next rows of a job may be published, and how many at once: when they are due, inside the window, below the rate,
 * with fewer rooms open or asked for than may be, and with fewer answers awaited than may be. Stateless but for the job's spec.
 */
final class Pace {
    /** Events in one transaction. */
    static final int MOST_AT_ONCE = 100;

    /** What a rate allows in this time may be published together, and made up for when it is late. */
    private static final Duration RATE_SLACK = Duration.ofMillis(250);

    /** What a rate allows in this time may be handed over and not answered: so much goes on after a window's end. */
    private static final Duration RATE_AHEAD = Duration.ofSeconds(5);

    private static final int FEWEST_AHEAD = 5;

    /** Of a job with a window and without a rate. */
    private static final int MOST_AHEAD_OF_A_WINDOW = 20;

    private static final double NANOS = 1e9;

    /** A century: a rate that is lower still is none. */
    private static final double MOST_NANOS = 3e18;

    private final JobSpec spec;
    private final @Nullable DailyWindow window;

    Pace(JobSpec spec) {
        this.spec = spec;
        window = spec.window() == null ? null : new DailyWindow(spec.window());
    }

    /** What is to be done now. */
    sealed interface Decision {
        /**
         * Some may be published.
         *
         * @param most from 1 to {@link #MOST_AT_ONCE}; each of them must be due
         */
        record Publish(int most) implements Decision {}

        /**
         * None may be published.
         *
         * @param until null if only an answer can end it
         */
        record Later(Wait why, @Nullable Instant until) implements Decision {}
    }

    /**
     * Decides about the next row.
     *
     * @param outstanding rows that are published and not answered
     * @param open rooms that are open
     * @param firstOver when the first of them is over; null if none is open
     * @param mayPublishAt before which the rate forbids the next one; null if it forbids none
     * @param due when the next row is; null: at once
     */
    Decision decide(
            Instant now,
            int outstanding,
            int open,
            @Nullable Instant firstOver,
            @Nullable Instant mayPublishAt,
            @Nullable Instant due) {
        if (due != null && due.isAfter(now)) {
            return new Decision.Later(Wait.DUE, due);
        }
        if (window != null && !window.isOpen(now)) {
            return new Decision.Later(Wait.WINDOW, window.opens(now));
        }
        int most = Math.min(MOST_AT_ONCE, mostOutstanding() - outstanding);
        if (most < 1) {
            return new Decision.Later(Wait.ANSWERS, null);
        }
        if (spec.maxOpen() != null) {
            most = Math.min(most, spec.maxOpen() - outstanding - open);
        }
        if (most < 1) {
            return new Decision.Later(Wait.MAX_OPEN, firstOver);
        }
        if (mayPublishAt != null && mayPublishAt.isAfter(now)) {
            return new Decision.Later(Wait.RATE, mayPublishAt);
        }
        if (spec.rate() != null) {
            most = Math.min(most, Math.max(1, (int) Math.min(MOST_AT_ONCE, spec.rate() * seconds(RATE_SLACK))));
        }
        return new Decision.Publish(most);
    }

    /** They wait where the job's window and its rate do not reach: for calls, slots, and look-ups. */
    private int mostOutstanding() {
        if (spec.rate() != null) {
            double ahead = Math.ceil(spec.rate() * seconds(RATE_AHEAD));
            return (int) Math.min(JobRun.MOST_OUTSTANDING, Math.max(FEWEST_AHEAD, ahead));
        }
        return window == null ? JobRun.MOST_OUTSTANDING : MOST_AHEAD_OF_A_WINDOW;
    }

    /**
     * When the rate allows the next one after some that were published now; null without a rate.
     *
     * @param mayPublishAt as it was before them
     */
    @Nullable
    Instant afterPublishing(int count, Instant now, @Nullable Instant mayPublishAt) {
        if (spec.rate() == null) {
            return null;
        }
        Instant earliest = now.minus(RATE_SLACK);
        Instant from = mayPublishAt == null ? now : mayPublishAt.isBefore(earliest) ? earliest : mayPublishAt;
        double nanos = NANOS * count / spec.rate();
        return from.plusNanos((long) Math.min(nanos, MOST_NANOS));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }
}
