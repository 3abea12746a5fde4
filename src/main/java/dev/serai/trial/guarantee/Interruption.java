package dev.serai.trial.guarantee;

import java.time.Duration;
import java.time.Instant;

/**
 * A time in which a process could not take part in its group, and after which it went on: it did not run, or had no way
 * to the broker. If that was long enough, its partitions went to others, and it could not know.
 *
 * @param from the last moment at which all was well
 * @param until the first moment at which nothing hindered it
 */
public record Interruption(String process, Instant from, Instant until) {
    /** Shorter ones cost nobody partitions: the session time-out of 10 s, less the heartbeats' 3 s, and some for delays. */
    static final Duration NOTICED_FROM = Duration.ofSeconds(5);

    /** In that time a process that runs again and reaches the broker is told that it has lost its partitions. */
    static final Duration TOLD_WITHIN = Duration.ofSeconds(5);

    /** In that time the outcome of a call is committed, when all is well. */
    static final Duration COMMITTED_WITHIN = Duration.ofSeconds(10);

    boolean isNoticed() {
        return Duration.between(from, until).compareTo(NOTICED_FROM) >= 0;
    }

    /** Whether this is why the process made one call, and whoever had its partition by then, the other, for one conversation. */
    boolean explains(SeenCall ofTheProcess, SeenCall ofTheOwner) {
        return isNoticed()
                && process.equals(ofTheProcess.process())
                && ofTheProcess.receivedAt().isBefore(until.plus(TOLD_WITHIN))
                && (ofTheProcess.endedAt() == null || ofTheProcess.endedAt().isAfter(from.minus(COMMITTED_WITHIN)))
                && ofTheOwner.receivedAt().isAfter(from);
    }
}
