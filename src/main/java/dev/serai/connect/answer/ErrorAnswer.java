package dev.serai.connect.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.connect.answer.AnswerWords.Subject;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.Json;
import dev.serai.wire.Secrets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is no success, as far as it can be read.
 *
 * @param detail its own words, masked and bounded; a 422's array as it is; the status alone where there are none
 * @param label its {@code error_code}; empty if it has none
 */
record ErrorAnswer(
        int status, JsonNode detail, String label, @Nullable Duration retryAfter) {
    private static final List<String> DETAIL_FIELDS = List.of("detail", "message", "error");
    private static final int MAX_LABEL_LENGTH = 100;

    /**
     * @param body null if it cannot be read
     * @param apiKey which an answer may quote and a detail must not
     */
    static ErrorAnswer of(int status, @Nullable JsonNode body, String apiKey, @Nullable Duration retryAfter) {
        JsonNode detail = DETAIL_FIELDS.stream()
                .map(field -> body == null ? null : body.get(field))
                .filter(value -> value != null && !value.isNull())
                .findFirst()
                .map(value -> Secrets.mask(value, apiKey))
                .map(value -> value.isTextual() || value.isArray() ? value : TextNode.valueOf(value.toString()))
                .orElseGet(() -> TextNode.valueOf("the provider answered " + status + " without a detail"));
        String label = body == null ? "" : body.path("error_code").asText("");
        return new ErrorAnswer(status, detail, label.length() > MAX_LABEL_LENGTH ? "" : label, retryAfter);
    }

    /** What it is about: as its words say, or else its label, which is only a hint; null if neither says. */
    @Nullable
    Subject subject() {
        Subject told = AnswerWords.subject(status, words());
        return told != null ? told : AnswerWords.subject(status, label.toLowerCase(Locale.ROOT));
    }

    /** Its text in small letters. */
    String words() {
        return Json.text(detail).toLowerCase(Locale.ROOT);
    }

    Failure as(ErrorCategory category) {
        return new Failure(category, status, detail);
    }
}
