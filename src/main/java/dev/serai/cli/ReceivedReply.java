package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.loop.Counted;
import dev.serai.wire.Json;
import dev.serai.wire.RecordHeader;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A record of a reply topic, as commands read it: total, for a route of one's own can make anything of a reply. Holds
 * secrets. Immutable.
 */
final class ReceivedReply {
    static final String STARTED = "started";
    static final String FAILED = "failed";
    static final String ENDED = "ended";

    private static final String STATUS_HEADER = "serai-status";
    private static final int REFUSES_FROM = 400;
    private static final int REFUSES_BELOW = 500;

    private final ConsumerRecord<byte[], byte[]> reply;

    ReceivedReply(ConsumerRecord<byte[], byte[]> reply) {
        this.reply = reply;
    }

    boolean hasKey(byte[] key) {
        return Arrays.equals(reply.key(), key);
    }

    /** Whether it has a header of that name and value, be it one of several of that name. */
    boolean hasHeader(String name, byte[] value) {
        return StreamSupport.stream(reply.headers().headers(name).spliterator(), false)
                .anyMatch(header -> Arrays.equals(header.value(), value));
    }

    /** Whether it has this header of the event that it answers. */
    boolean echoes(RecordHeader header) {
        byte[] value = header.value();
        return value != null && hasHeader(header.name(), value);
    }

    boolean isTo(String eventId) {
        return fields().path("event_id").asText().equals(eventId);
    }

    /** {@code started}, {@code failed}, {@code ended}, or whatever else the header or else the JSON says; empty if nothing. */
    String status() {
        Header header = reply.headers().lastHeader(STATUS_HEADER);
        return header == null || header.value() == null
                ? fields().path("status").asText()
                : new String(header.value(), UTF_8);
    }

    /** Whether what was asked for is done: a room is open, or nothing of the conversation is left open. */
    boolean isDone() {
        return switch (status()) {
            case STARTED -> true;
            case ENDED -> fields().path("sessions_left").asInt() == 0;
            default -> false;
        };
    }

    /** Whether it failed because the provider has refused. */
    boolean isRefusedByProvider() {
        int answer = fields().path("error").path("http_status").asInt();
        return answer >= REFUSES_FROM && answer < REFUSES_BELOW;
    }

    /** The reply's fields, of a structured CloudEvent those of its data; none if it is no JSON object. */
    ObjectNode fields() {
        ObjectNode object = object();
        return isStructured() && object.get("data") instanceof ObjectNode data ? data : object;
    }

    private boolean isStructured() {
        Header type = reply.headers().lastHeader("content-type");
        return type != null
                && type.value() != null
                && new String(type.value(), UTF_8).startsWith("application/cloudevents");
    }

    /** The value as JSON, with what is around its fields; empty if it is no JSON object. */
    ObjectNode object() {
        try {
            byte[] value = reply.value();
            if (value != null && Json.MAPPER.readTree(value) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            // It is no JSON.
        }
        return Json.MAPPER.createObjectNode();
    }

    /** The value as it is, for replies that are no JSON object. */
    String text() {
        byte[] value = reply.value();
        return value == null ? "" : new String(value, UTF_8);
    }

    /** What an {@code ended} reply says was done. */
    String ended() {
        return "ended: " + counted("sessions_ended", "session") + ", " + counted("events_cancelled", "waiting event")
                + " cancelled";
    }

    /** What an {@code ended} reply that is not {@link #isDone done} leaves to be done. */
    String left() {
        return counted("sessions_left", "session")
                + " may still be open: the provider has not said otherwise; try again";
    }

    /** What a {@code failed} reply says was wrong. */
    String problem() {
        JsonNode error = fields().path("error");
        return error.path("category").asText() + ": " + Json.text(error.path("detail"));
    }

    private String counted(String field, String one) {
        return Counted.text(fields().path(field).asInt(), one);
    }

    /** Where it is: the value holds secrets. */
    @Override
    public String toString() {
        return "ReceivedReply[" + reply.topic() + "-" + reply.partition() + "@" + reply.offset() + "]";
    }
}
