package dev.serai.connect;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with jitter: a pause drawn evenly between half of a bound and all of it; the bound doubles with
 * every attempt. Calls that failed together do not come back together, and attempts take at least half of the time that
 * they can take: as long as that it is open whether the provider fails for others, too. As thread-safe as its random
 * generator.
 *
 * @param initial the bound after the first attempt
 * @param longest no bound grows beyond it
 */
public record Backoff(Duration initial, Duration longest, RandomGenerator random) {

    /**
     * The pause after an attempt.
     *
     * @param attempt counted from 1
     */
    public Duration after(int attempt) {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempts are counted from 1, was " + attempt);
        }
        double bound = Math.min(initial.toMillis() * Math.pow(2, attempt - 1.0), (double) longest.toMillis());
        return Duration.ofMillis(Math.round((1 + random.nextDouble()) * bound / 2));
    }
}
