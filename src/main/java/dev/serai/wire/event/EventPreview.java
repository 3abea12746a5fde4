package dev.serai.wire.event;

import dev.serai.wire.Priority;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an event before its turn to be decoded. It decides when that is; of an event that cannot be decoded, it is
 * all that is known.
 *
 * @param tenant one that there is; null where the event names another, or is no JSON object, and where it cannot be seen which of
 *     several it is
 * @param deadline as decoding will find it, if the event is in order; of no meaning for one that ends its conversation
 * @param characterId with whom it is to start a session, the default one if it names none; null where that cannot be seen
 * @param priority as decoding will find it, if the event is in order; of no meaning for one that ends its conversation
 * @param ends whether it says that it ends its conversation
 */
public record EventPreview(
        @Nullable String tenant, Instant deadline, @Nullable String characterId, Priority priority, boolean ends) {}
