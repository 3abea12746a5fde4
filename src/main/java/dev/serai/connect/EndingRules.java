package dev.serai.connect;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How sessions of one tenant are ended.
 *
 * @param atOnce calls that are under way at most; small, for nobody waits for them and the provider is to serve callers
 * @param waiting sessions that wait for one at most
 * @param longestWait for the first call
 * @param longestTries from the first call on no other one begins later than that
 * @param pauses between the calls for one session
 * @param longestStop for what waits when the service stops
 */
record EndingRules(
        int atOnce, int waiting, Duration longestWait, Duration longestTries, Backoff pauses, Duration longestStop) {
    /**
     * Ten thousand weigh 10 MB; with a call of 100 ms four at once end 1,200 sessions in the longest wait. Tries last as
     * long as a restart of a gateway.
     */
    static final EndingRules DEFAULT = new EndingRules(
            4,
            10_000,
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            new Backoff(Duration.ofMillis(500), Duration.ofSeconds(4), () -> ThreadLocalRandom.current()
                    .nextLong()),
            Duration.ofSeconds(5));
}
