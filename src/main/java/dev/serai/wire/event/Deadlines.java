package dev.serai.wire.event;

import dev.serai.wire.OriginalRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Until when an event is wanted that does not say so itself. Decoding asks here, and so does who looks at an event before it
 * is decoded: both must find the same. Immutable and thread-safe.
 *
 * @param ttl from a record's timestamp to its deadline
 * @param awaitedTtl the same where a request-reply client waits, which gives up after a time of its own
 * @param maxClockSkew how far ahead of the clock a record's timestamp may be
 * @param correlation what shows that such a client waits
 */
public record Deadlines(Duration ttl, Duration awaitedTtl, Duration maxClockSkew, CorrelationHeaders correlation) {

    /**
     * When it was published. A publisher whose clock is fast must not keep its callers' events alive for as long as it is ahead.
     *
     * @param taken when the process took the record: however long it waits then, it was published before
     */
    Instant published(OriginalRecord original, Instant taken) {
        Instant latest = taken.plus(maxClockSkew);
        return original.timestamp().isAfter(latest) ? latest : original.timestamp();
    }

    /** The deadline of an event that names none. */
    Instant unnamed(OriginalRecord original, Instant taken) {
        return published(original, taken).plus(correlation.awaited(original).isPresent() ? awaitedTtl : ttl);
    }

    /**
     * What the publisher is told whose event names no deadline and came too late, and had a short time only because a
     * request-reply client waits.
     */
    public Optional<String> whyShort(OriginalRecord original) {
        return correlation
                .awaited(original)
                .map(header -> "the event names no deadline, and by its header " + header + " a client waits, for "
                        + awaitedTtl.toMillis() + " ms (serai.reply.default-ttl): name ttl_ms if it waits longer");
    }
}
