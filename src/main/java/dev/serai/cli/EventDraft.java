package dev.serai.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.wire.Characters;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.cloudevents.CloudEvent;
import dev.serai.wire.cloudevents.Mode;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event in the making: what was given, with what options say in its place. The fields of a structured CloudEvent are those of
 * its data. For one thread.
 */
final class EventDraft {
    static final String EVENT_ID = "event_id";

    private final byte[] given;
    private final @Nullable ObjectNode root;
    private final @Nullable ObjectNode event;
    private final boolean isCloudEvent;
    private boolean isChanged;

    private EventDraft(byte[] given, @Nullable ObjectNode root, @Nullable ObjectNode event, boolean isCloudEvent) {
        this.given = given;
        this.root = root;
        this.event = event;
        this.isCloudEvent = isCloudEvent;
    }

    /** Of the value of a record, whatever it is; of nothing if it has none. */
    static EventDraft of(OriginalRecord original) {
        byte[] value = original.value();
        if (value == null) {
            ObjectNode empty = Json.MAPPER.createObjectNode();
            return new EventDraft(new byte[0], empty, empty, false);
        }
        ObjectNode root = object(value);
        Optional<CloudEvent> envelope = CloudEvent.in(original);
        if (envelope.filter(event -> event.mode() == Mode.STRUCTURED).isEmpty()) {
            return new EventDraft(value, root, root, envelope.isPresent());
        }
        return new EventDraft(
                value, root, root != null && root.get("data") instanceof ObjectNode data ? data : null, true);
    }

    private static @Nullable ObjectNode object(byte[] bytes) {
        try {
            // Strictly, as the service reads it.
            Optional<String> text = Characters.ofUtf8(bytes).map(Characters::withoutMark);
            return text.isPresent() && Json.MAPPER.readTree(text.get()) instanceof ObjectNode object ? object : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** Whether fields can be set: it is a JSON object, or a CloudEvent whose data is one. */
    boolean hasFields() {
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

    /** Gives it an id if it is an object without one, so that it can be sent again; a CloudEvent has its own. */
    void identify() {
        if (event != null && !isCloudEvent && !event.hasNonNull(EVENT_ID)) {
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
        return root != null && isChanged ? Json.bytes(root) : given;
    }

    /**
     * A record's event, wanted for so long.
     *
     * @return null if it has no fields that could say so
     */
    static @Nullable OriginalRecord wantedFor(Duration ttl, OriginalRecord event) {
        EventDraft draft = of(event);
        if (!draft.hasFields()) {
            return null;
        }
        draft.putWritten("ttl_ms", Long.toString(ttl.toMillis()));
        return draft.in(event);
    }

    /** The record, with this as its value. */
    @SuppressWarnings("NullAway") // it does not see the annotations of a record's arrays, which may be null
    OriginalRecord in(OriginalRecord event) {
        return new OriginalRecord(
                event.topic(),
                event.partition(),
                event.offset(),
                event.timestamp(),
                event.key(),
                bytes(),
                event.headers());
    }
}
