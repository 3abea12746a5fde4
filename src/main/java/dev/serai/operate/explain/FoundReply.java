package dev.serai.operate.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.operate.letters.ReadRecord;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Secrets;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A reply, without what lets anybody into a room: no token, no session id. Immutable.
 *
 * @param key the conversation's, as people write it; null without one
 * @param status {@code started}, {@code failed}, {@code ended}, or what a route of one's own has made of it
 * @param category of a failed one
 * @param detail of a failed one; of an end event its reason is not kept, which is somebody's own words
 * @param room its name
 * @param timings null but in one that is started
 * @param joinUntil until when a client may join; null if it does not say
 * @param lookUps what came from elsewhere, where that went wrong: such as {@code dynamic_info failed at source crm}
 */
public record FoundReply(
        Position at,
        Instant publishedAt,
        String eventId,
        @Nullable String key,
        String status,
        @Nullable String category,
        String detail,
        int attempts,
        @Nullable String requestTraceId,
        @Nullable String room,
        @Nullable Timings timings,
        boolean repeated,
        boolean possibleDuplicate,
        boolean standIn,
        @Nullable Instant joinUntil,
        List<String> lookUps,
        int sessionsEnded,
        int sessionsLeft,
        int eventsCancelled) {

    /** What its {@code timings_ms} say. */
    public record Timings(Duration queued, Duration enrich, Duration connect) {}

    public FoundReply {
        lookUps = List.copyOf(lookUps);
    }

    /** Total: of what is no reply it says nothing. */
    static FoundReply of(ConsumerRecord<byte[], byte[]> read) {
        OriginalRecord reply = ReadRecord.original(read);
        ObjectNode fields = fields(read.value());
        JsonNode error = fields.path("error");
        String status =
                reply.headerText("serai-status").orElse(fields.path("status").asText());
        return new FoundReply(
                Position.of(read),
                reply.timestamp(),
                fields.path("event_id").asText(),
                reply.conversationKey(),
                status,
                text(error, "category"),
                Secrets.inLog(Json.text(error.path("detail"))),
                fields.path("attempts").asInt(),
                Optional.ofNullable(text(fields, "request_trace_id")).orElse(text(error, "request_trace_id")),
                text(fields, "room_name"),
                timings(fields.path("timings_ms")),
                fields.path("repeated").asBoolean(),
                fields.path("possible_duplicate_session").asBoolean(),
                fields.path("stand_in").asBoolean(),
                instant(text(fields, "expires_at")),
                lookUps(fields.path("enrichment")),
                fields.path("sessions_ended").asInt(),
                fields.path("sessions_left").asInt(),
                fields.path("events_cancelled").asInt());
    }

    /** Whether it says what became of an event; other records tell nothing. */
    boolean isReply() {
        return !status.isEmpty();
    }

    boolean isStarted() {
        return status.equals("started");
    }

    boolean isFailed(String which) {
        return status.equals("failed") && which.equals(category);
    }

    private static ObjectNode fields(byte @Nullable [] value) {
        try {
            if (value != null && Json.MAPPER.readTree(value) instanceof ObjectNode object) {
                return object.has("specversion") && object.get("data") instanceof ObjectNode data ? data : object;
            }
        } catch (IOException e) {
            // It is no JSON, and so no reply of ours.
        }
        return Json.MAPPER.createObjectNode();
    }

    private static @Nullable String text(JsonNode object, String field) {
        JsonNode value = object.get(field);
        return value == null || !value.isTextual() ? null : value.textValue();
    }

    private static @Nullable Timings timings(JsonNode millis) {
        return millis.isObject()
                ? new Timings(
                        Duration.ofMillis(millis.path("queued").asLong()),
                        Duration.ofMillis(millis.path("enrich").asLong()),
                        Duration.ofMillis(millis.path("connect").asLong()))
                : null;
    }

    private static @Nullable Instant instant(@Nullable String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static List<String> lookUps(JsonNode enrichment) {
        List<String> wrong = new ArrayList<>();
        enrichment.properties().forEach(piece -> {
            String status = piece.getValue().path("status").asText();
            if (status.equals("failed") || status.equals("stale")) {
                JsonNode note = piece.getValue().path("notes").path(0);
                wrong.add(Secrets.inLog(piece.getKey() + " " + status + " at source "
                        + piece.getValue().path("source").asText()
                        + (note.isTextual() ? ": " + note.textValue() : "")));
            }
        });
        return wrong;
    }

    /** Where it is: the rest may hold personal data. */
    @Override
    public String toString() {
        return "Answer[" + at + "]";
    }
}
