package dev.serai.dialect.mapping;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a mapped event gets that does not say it itself. Immutable.
 *
 * @param characterId for start events, unless their row of the look-up table names one; null leaves it to the service's default
 * @param tenant for start and end events, unless their row names one; null leaves it to the service's default
 * @param ttl from the time at which something occurred to the start event's deadline
 */
public record MappingDefaults(
        @Nullable String characterId, @Nullable String tenant, Duration ttl) {
    public MappingDefaults {
        if (ttl.toMillis() < 1) {
            throw new IllegalArgumentException("the ttl of mapped events must be at least 1 ms, was " + ttl);
        }
    }
}
