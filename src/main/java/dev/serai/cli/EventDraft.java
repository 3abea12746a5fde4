package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.wire.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An event in the making: what was given, with what options say in its place. For one thread. */
final class EventDraft {
    static final String EVENT_ID = "event_id";

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final byte[] given;
    private final @Nullable ObjectNode event;
    private boolean isChanged;

    private EventDraft(byte[] given, @Nullable ObjectNode event) {
        this.given = given;
        this.event = event;
    }

    /** Of nothing. */
    static EventDraft empty() {
        return new EventDraft(new byte[0], Json.MAPPER.createObjectNode());
    }

    /** Of these bytes, whatever they are. */
    static EventDraft of(byte[] given) {
        try {
            // Strictly, as the service reads it.
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(given)).toString();
            JsonNode read = Json.MAPPER.readTree(
                    text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text);
            return new EventDraft(given, read instanceof ObjectNode object ? object : null);
        } catch (CharacterCodingException | JsonProcessingException e) {
            return new EventDraft(given, null);
        }
    }

    /** Whether fields can be {@link #put}: it is a JSON object. */
    boolean isObject() {
        return event != null;
    }

    /** Sets a field to what is written there: JSON if it is JSON, or else text. */
    void putWritten(String field, String written) {
        JsonNode value;
        try {
            value = Json.MAPPER.readTree(written);
        } catch (JsonProcessingException e) {
            value = TextNode.valueOf(written);
        }
        put(field, value.isMissingNode() ? TextNode.valueOf(written) : value);
    }

    /** Sets a field to a text. */
    void put(String field, String text) {
        put(field, TextNode.valueOf(text));
    }

    private void put(String field, JsonNode value) {
        if (event == null) {
            throw new IllegalStateException("no JSON object");
        }
        event.set(field, value);
        isChanged = true;
    }

    /** Gives it an id if it is an object without one, so that it can be sent again. */
    void identify() {
        if (event != null && !event.hasNonNull(EVENT_ID)) {
            put(EVENT_ID, "send-" + UUID.randomUUID());
        }
    }

    /** Whose it says it is; null if it does not say. */
    @Nullable
    String tenant() {
        return event == null ? null : event.path("tenant").textValue();
    }

    /** What was given, byte by byte, unless something was set. */
    byte[] bytes() {
        return event != null && isChanged ? Json.bytes(event) : given;
    }
}
