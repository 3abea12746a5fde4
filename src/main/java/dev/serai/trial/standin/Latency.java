package dev.serai.trial.standin;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long an answer takes, drawn evenly from {@code min} to {@code max}, both inclusive; in whole milliseconds.
 *
 * @param min the shortest, not negative
 * @param max the longest, not below {@code min}
 */
record Latency(Duration min, Duration max) {

    static final Latency NONE = new Latency(Duration.ZERO, Duration.ZERO);

    Latency {
        requireRange(min, max);
    }

    static void requireRange(Duration min, Duration max) {
        if (min.isNegative() || max.compareTo(min) < 0) {
            throw new IllegalArgumentException(
                    "latency must be from a minimum of 0 or more to a maximum no lower, was " + min + " to " + max);
        }
    }

    long pickMillis() {
        return ThreadLocalRandom.current().nextLong(min.toMillis(), max.toMillis() + 1);
    }
}
