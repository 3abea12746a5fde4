package dev.serai.wire.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.serai.wire.EndConversation;
import dev.serai.wire.Json;
import dev.serai.wire.Priority;
import dev.serai.wire.RegistryFrame;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the beginning of an event says of itself, as far as it was read: the same as decoding takes it for, or as if it did not
 * say it. Not thread-safe.
 */
final class PreviewedFields {
    /** No tenant and no character has this name. */
    static final String NOT_A_NAME = "";

    /** As in the schema. */
    private static final long MAX_TTL_MILLIS = 31_536_000_000L;

    /** Whether it is an object at all. */
    boolean areThere;

    boolean areAllSeen;
    boolean ends;
    Priority priority = Priority.LIVE;

    @Nullable
    String tenant;

    @Nullable
    String expiresAt;

    @Nullable
    String characterId;

    long ttlMillis = -1;

    void readFrom(byte[] value, int maxBytes) {
        int begin = RegistryFrame.length(value);
        try (JsonParser parser = Json.MAPPER.createParser(value, begin, Math.min(value.length - begin, maxBytes))) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                areThere = true;
                readFields(parser);
            }
        } catch (IOException e) {
            // Decoding says what is wrong with it, if anything is: an event can be longer than what is looked at.
        }
    }

    private void readFields(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "tenant" -> tenant = name(token, parser);
                case "character_id" -> characterId = name(token, parser);
                case "action" -> ends = token == JsonToken.VALUE_STRING && EndConversation.END.equals(parser.getText());
                case "priority" ->
                    priority = token == JsonToken.VALUE_STRING
                                    && Priority.BATCH.label().equals(parser.getText())
                            ? Priority.BATCH
                            : Priority.LIVE;
                case "expires_at" -> expiresAt = token == JsonToken.VALUE_STRING ? parser.getText() : null;
                case "ttl_ms" -> {
                    if (token.isNumeric()) {
                        readTtl(parser.getDoubleValue());
                    }
                }
                default -> {}
            }
            parser.skipChildren();
        }
        areAllSeen = true;
    }

    /** A whole number counts however it is written, such as {@code 10e3}. */
    private void readTtl(double millis) {
        if (millis == Math.rint(millis) && Math.abs(millis) < Long.MAX_VALUE) {
            ttlMillis = (long) Math.clamp(millis, 0, MAX_TTL_MILLIS);
        }
    }

    private static @Nullable String name(JsonToken token, JsonParser parser) throws IOException {
        return switch (token) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NULL -> null;
            default -> NOT_A_NAME;
        };
    }
}
