package dev.serai.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.jspecify.annotations.Nullable;

/**
 * Why an event got no room, as replies and dead letters say it.
 *
 * @param httpStatus what the provider answered, or null when it was not asked or did not answer
 * @param detail text, or the array of a 422 answer; already free of secrets, see {@link Secrets}
 */
public record Failure(ErrorCategory category, @Nullable Integer httpStatus, JsonNode detail) {

    /** A failure that the provider had no part in. */
    public static Failure of(ErrorCategory category, String detail) {
        return new Failure(category, null, TextNode.valueOf(detail));
    }

    /** The detail as one line of text. */
    public String detailText() {
        return detail.isTextual() ? detail.textValue() : detail.toString();
    }
}
