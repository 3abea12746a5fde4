package dev.serai.wire.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Characters;
import dev.serai.wire.ConnectionType;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RegistryFrame;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an event that is refused says of itself, so that whoever waits for it gets its answer.
 *
 * @param eventId null if it cannot be read, or is none that the schema allows; likewise the others
 */
record EventIdentity(
        @Nullable String eventId,
        @Nullable String characterId,
        @Nullable ConnectionType connectionType) {

    private static final String EVENT_ID_HEADER = "ce_id";

    static final String EVENT_ID = "event_id";
    static final String CHARACTER_ID = "character_id";
    static final String CONNECTION_TYPE = "connection_type";

    /** In characters, as in the schema. */
    static final int MAX_IDENTIFIER_LENGTH = 512;

    private static final List<String> FIELDS = List.of(EVENT_ID, CHARACTER_ID, CONNECTION_TYPE);

    /** Remembers nothing of what it reads, whose size nobody has looked at: neither names, nor what was there before. */
    private static final JsonFactory STREAMS = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    // It counts as Java does, where a character has two at most.
                    .maxStringLength(2 * MAX_IDENTIFIER_LENGTH)
                    .build())
            .build();

    /** Of an event that could be parsed. */
    static EventIdentity of(ObjectNode event) {
        return new EventIdentity(
                identifier(text(event, EVENT_ID)),
                identifier(text(event, CHARACTER_ID)),
                type(text(event, CONNECTION_TYPE)));
    }

    /**
     * Of an event that is not parsed: too long, too heavy, or no JSON in the end. Read in a stream, which takes a few
     * kilobytes of memory whatever the event is, and as far as it can be read. A field that is there twice says nothing.
     */
    static EventIdentity read(byte @Nullable [] value) {
        return read(value, Integer.MAX_VALUE);
    }

    /** @param maxBytes that are looked at */
    static EventIdentity read(byte @Nullable [] value, int maxBytes) {
        Map<String, String> found = new HashMap<>();
        if (value != null) {
            try (Reader text = text(value, maxBytes);
                    JsonParser json = STREAMS.createParser(text)) {
                read(json, found);
            } catch (IOException e) {
                // What was read before counts.
            }
        }
        return new EventIdentity(
                identifier(found.get(EVENT_ID)), identifier(found.get(CHARACTER_ID)), type(found.get(CONNECTION_TYPE)));
    }

    /** What the event calls itself, or the header that may say it; else the position of its record. */
    String eventIdIn(OriginalRecord original) {
        return Optional.ofNullable(eventId)
                .or(() -> original.header(EVENT_ID_HEADER)
                        .flatMap(Characters::ofUtf8)
                        .filter(id -> !id.isBlank() && isWithinBounds(id)))
                .orElseGet(original::position);
    }

    private static Reader text(byte[] value, int maxBytes) throws IOException {
        int begin = RegistryFrame.length(value);
        int length = Math.min(value.length - begin, maxBytes);
        Reader text = new BufferedReader(new InputStreamReader(
                new ByteArrayInputStream(value, begin, length), StandardCharsets.UTF_8.newDecoder()));
        text.mark(1);
        if (text.read() != Characters.BYTE_ORDER_MARK) {
            text.reset();
        }
        return text;
    }

    private static void read(JsonParser json, Map<String, String> found) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (!FIELDS.contains(name)) {
                json.skipChildren();
            } else if (found.containsKey(name)) {
                found.put(name, "");
            } else if (value == JsonToken.VALUE_STRING) {
                found.put(name, json.getText());
            } else {
                found.put(name, "");
                json.skipChildren();
            }
        }
    }

    private static @Nullable String text(ObjectNode event, String field) {
        JsonNode value = event.get(field);
        return value != null && value.isTextual() ? value.textValue() : null;
    }

    /** The text if the schema allows it. */
    private static @Nullable String identifier(@Nullable String text) {
        return text == null
                        || text.isEmpty()
                        || !isWithinBounds(text)
                        || !StandardCharsets.UTF_8.newEncoder().canEncode(text)
                ? null
                : text;
    }

    /** The schema counts characters, of which some are two in Java. */
    private static boolean isWithinBounds(String text) {
        return text.codePointCount(0, text.length()) <= MAX_IDENTIFIER_LENGTH;
    }

    private static @Nullable ConnectionType type(@Nullable String text) {
        return Arrays.stream(ConnectionType.values())
                .filter(known -> Json.MAPPER.valueToTree(known).asText().equals(text))
                .findFirst()
                .orElse(null);
    }
}
