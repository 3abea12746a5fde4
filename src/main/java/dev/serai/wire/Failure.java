package dev.serai.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why an event got no room, as replies and dead letters say it.
 *
 * @param httpStatus what the provider answered, or null when it was not asked or did not answer
 * @param detail text, or the array of a 422 answer; the failure's is free of secrets, see {@link Secrets}
 * @param requestTraceId what the provider calls the request that it answered so, for its support; null if it does not say
 */
public record Failure(
        ErrorCategory category,
        @Nullable Integer httpStatus,
        JsonNode detail,
        @Nullable String requestTraceId) {
    /** With the note on the cut, below the 2,000 characters of {@code schema/dead-letter-headers.json}. */
    private static final int MAX_TEXT_LENGTH = 1_900;

    /** Control characters of ASCII and C1, marks of format such as those of direction, and Unicode's own line breaks. */
    private static final Pattern STEERING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    public Failure {
        detail = Secrets.masked(detail);
        if (detail.isTextual()) {
            detail = TextNode.valueOf(Characters.whole(detail.textValue()));
        }
    }

    /** A failure of a request that the provider has no name for. */
    public Failure(ErrorCategory category, @Nullable Integer httpStatus, JsonNode detail) {
        this(category, httpStatus, detail, null);
    }

    /** A failure that the provider had no part in. */
    public static Failure of(ErrorCategory category, String detail) {
        return new Failure(category, null, TextNode.valueOf(detail));
    }

    /** The same failure, whose detail says something more. */
    public Failure noting(String more) {
        return new Failure(category, httpStatus, TextNode.valueOf(Json.text(detail) + " (" + more + ")"), requestTraceId);
    }

    /** The same failure of a request that the provider calls so; null if it has no name for it. */
    public Failure ofRequest(@Nullable String traceId) {
        return new Failure(category, httpStatus, detail, traceId);
    }

    /** The detail as one line of text, not longer than dead letters allow. */
    public String detailText() {
        return Secrets.cut(oneLine(Json.text(detail)), MAX_TEXT_LENGTH);
    }

    /** The text with a blank for each run of line breaks and of what else would steer a terminal. */
    public static String oneLine(String text) {
        return STEERING.matcher(text).replaceAll(" ");
    }
}
