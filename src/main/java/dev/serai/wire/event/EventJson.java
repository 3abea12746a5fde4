package dev.serai.wire.event;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Characters;
import dev.serai.wire.Failure;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RegistryFrame;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From a record's bytes to the JSON object that an event is, or what is wrong with them. */
final class EventJson {
    private static final int MAX_COMPLAINT_LENGTH = 500;

    /** What Jackson's messages say to whoever configures it. */
    private static final Pattern OF_JACKSON = Pattern.compile(
            "(?x) \\s* \\(not\\ recognized[^)]*\\) "
                    + "| :\\ enable\\ `[^`]*`\\ to\\ allow | :\\ not\\ allowed\\ as\\ per\\ `[^`]*` | ,\\ from\\ `[^`]*` | \\s* \\([^()]*(?:[Ff]eature|`)[^()]*\\)");

    private static final Pattern UNRECOGNIZED_TOKEN = Pattern.compile("Unrecognized token '[^']*'");

    private EventJson() {}

    /** @throws Refusal if the record's value is no JSON object, or too long */
    static ObjectNode parse(OriginalRecord original, int maxBytes) {
        byte[] value = original.value();
        if (value == null || value.length == 0) {
            throw new Refusal("the event is empty: expected a JSON object");
        }
        checkSize(value, maxBytes);
        RegistryFrame.foreign(value).ifPresent(format -> {
            throw new Refusal(format);
        });
        byte[] json = RegistryFrame.takenOff(value);
        String event =
                json.length == value.length ? "the event" : "the event, which is in schema-registry wire format,";
        try {
            // Strict, and not left to Jackson, which would guess UTF-16 or UTF-32 from the first bytes.
            String text = Characters.ofUtf8(json)
                    .map(Characters::withoutMark)
                    .orElseThrow(() -> new Refusal(event + " is not valid UTF-8" + RegistryFrame.hint(original)));
            JsonNode root = Json.MAPPER.readTree(text);
            if (root instanceof ObjectNode object) {
                // Half a character (an unpaired surrogate) has no UTF-8: it could be neither sent nor answered.
                // In a text that was UTF-8 only an escape makes one.
                if (text.contains("\\u") && !Json.isEncodable(object)) {
                    throw new Refusal("the event holds text that is not valid Unicode");
                }
                return object;
            }
            throw new Refusal(event + " is " + kind(root) + ": expected a JSON object");
        } catch (JsonProcessingException e) {
            throw new Refusal(event + " is not valid JSON: " + complaint(e) + RegistryFrame.hint(original));
        }
    }

    /** @throws Refusal if the bytes are too many */
    static void checkSize(byte @Nullable [] value, int maxBytes) {
        if (value != null && value.length > maxBytes) {
            throw new Refusal("the event has " + value.length + " bytes: at most " + maxBytes
                    + " are allowed (serai.conversation.max-event-bytes)");
        }
    }

    private static String kind(JsonNode event) {
        return switch (event.getNodeType()) {
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case ARRAY -> "an array";
            case NULL -> "null";
            case MISSING -> "blank";
            case OBJECT, POJO, BINARY -> throw new IllegalStateException("a parser makes no such node: " + event);
        };
    }

    /** What the parser says, without the text that it quotes: that can be a value which lost its quotation marks. */
    static String complaint(JsonProcessingException e) {
        String message = UNRECOGNIZED_TOKEN.matcher(e.getOriginalMessage()).replaceAll("a word that is none of JSON's");
        message = OF_JACKSON.matcher(message).replaceAll("");
        JsonLocation location = e.getLocation();
        return brief(message, MAX_COMPLAINT_LENGTH)
                + (location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr());
    }

    /** One line, not longer than that, and of whole characters: the parser quotes halves of them. */
    static String brief(String text, int maxLength) {
        String line = Characters.whole(Failure.oneLine(text));
        return line.length() <= maxLength ? line : Characters.atMost(maxLength, line) + "…";
    }
}
