package dev.serai.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.Json;
import java.nio.charset.StandardCharsets;

/** What is done to every text of a source before it goes to the provider. */
final class Texts {
    private Texts() {}

    /** Whether the value is a text, or something that reads as one. */
    static boolean isScalar(JsonNode value) {
        return value.isTextual() || value.isNumber() || value.isBoolean();
    }

    /**
     * The text of a field.
     *
     * @param what the object, for the failure
     * @return as the source wrote it; empty if the field is null
     * @throws SourceFailedException if there is no such field, or it holds something else than a text
     */
    static String field(JsonNode object, String field, String what) throws SourceFailedException {
        JsonNode value = object.path(field);
        if (value.isNull()) {
            return "";
        }
        if (!isScalar(value)) {
            throw SourceFailedException.unusable("%s has no text in field \"%s\"".formatted(what, field));
        }
        return Json.text(value);
    }

    /** @throws SourceFailedException if the text has half a character: the provider would refuse the whole request */
    static void requireEncodable(String text, String what) throws SourceFailedException {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw SourceFailedException.unusable(what + " has half a character (an unpaired surrogate)");
        }
    }

    /** The text without control characters but tabs and line breaks. */
    static String withoutControls(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder kept = new StringBuilder(text.length());
        text.chars()
                .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
                .forEach(c -> kept.append((char) c));
        return kept.toString();
    }

    /** The text in one line, without control characters; a tab or line break is a blank, so that words stay apart. */
    static String line(String text) {
        return withoutControls(text).replace('\n', ' ').replace('\t', ' ').strip();
    }
}
