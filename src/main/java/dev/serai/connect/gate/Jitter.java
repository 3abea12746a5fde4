package dev.serai.connect.gate;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Has not everybody come back at the same moment. Not thread-safe: under the gate's lock. */
record Jitter(RandomGenerator random) {
    /** A part of the pause between {@code least} and all of it, in nanoseconds. */
    long of(Duration pause, double least) {
        return Math.round(pause.toNanos() * (least + (1 - least) * random.nextDouble()));
    }
}
