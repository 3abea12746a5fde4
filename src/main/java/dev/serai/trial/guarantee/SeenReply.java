package dev.serai.trial.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A reply as a {@code read_committed} consumer saw it; without its secrets, so that it can be printed.
 *
 * @param characterSessionId null in a failed reply
 * @param continuity null in a failed reply
 * @param attempts calls of the provider that the reply owns up to
 * @param possibleDuplicate whether the reply says that a session may be left that nobody joins
 */
public record SeenReply(
        String eventId,
        String conversation,
        boolean started,
        @Nullable String characterSessionId,
        @Nullable String continuity,
        int attempts,
        boolean possibleDuplicate) {

    public static SeenReply of(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        JsonNode reply = json(kafkaRecord.value());
        return new SeenReply(
                reply.path("event_id").asText(),
                reply.path("conversation_key").asText(),
                reply.path("status").asText().equals("started"),
                reply.path("character_session_id").textValue(),
                reply.path("continuity").textValue(),
                reply.path("attempts").asInt(),
                reply.path("possible_duplicate_session").asBoolean());
    }

    static JsonNode json(byte[] value) {
        try {
            return Json.MAPPER.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
