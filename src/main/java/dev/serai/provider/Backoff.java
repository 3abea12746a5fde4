package dev.serai.provider;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with full jitter: a pause drawn evenly between zero and a bound that doubles with every attempt.
 * Calls that failed together do not come back together. As thread-safe as its random generator.
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
        return Duration.ofMillis(Math.round(random.nextDouble() * bound));
    }
}
