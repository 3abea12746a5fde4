package dev.serai.source;

import java.time.Duration;

/**
 * How a source is asked.
 *
 * @param name in settings, replies, metrics and logs
 * @param required whether an event fails without it
 * @param timeout how long an event waits for one look-up
 * @param maxConcurrent look-ups at once, at least 1
 * @param cacheTtl how long an answer is used again; zero or more
 * @param staleTtl how much longer while the source fails; zero or more
 * @param cacheEntries answers in memory, at least 1
 * @param breakerPause how long the source is left alone when it keeps failing
 */
public record LookUpRules(
        String name,
        boolean required,
        Duration timeout,
        int maxConcurrent,
        Duration cacheTtl,
        Duration staleTtl,
        int cacheEntries,
        Duration breakerPause) {}
