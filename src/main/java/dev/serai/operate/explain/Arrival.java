package dev.serai.operate.explain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event on the start topic: what is known of it without its value, which is not kept. Immutable.
 *
 * @param publishedAt the record's own time
 * @param key of its conversation, as people write it; null without one
 * @param cloudEvent whether it is one
 * @param ends whether it ends its conversation
 * @param tenant null where it names none that there is, or cannot be read
 * @param deadline as the service counts it, but for its clock
 * @param mappedFrom the raw record that an intake has made it of; null if none has
 * @param replays how often it was taken from the dead letters and published again
 * @param replyTopic where its reply goes
 * @param replyPartition where its client listens; null if it names none
 * @param askedTopic a topic that it asks its reply on, and must not; null if there is none
 */
public record Arrival(
        Position at,
        Instant publishedAt,
        String eventId,
        @Nullable String key,
        boolean cloudEvent,
        boolean ends,
        @Nullable String tenant,
        @Nullable String characterId,
        Instant deadline,
        @Nullable Position mappedFrom,
        int replays,
        String replyTopic,
        @Nullable Integer replyPartition,
        @Nullable String askedTopic) {}
