package dev.serai.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.regex.Pattern;

/**
 * Keeps what must stay secret out of error texts that others wrote: a provider or a source can quote a token back.
 * Bounds them as well. Stateless and thread-safe.
 */
public final class Secrets {
    /** Longest error detail in characters; more is cut, and the cut is said. */
    public static final int MAX_DETAIL_LENGTH = 1_000;

    /** What stands in a secret's place. */
    public static final String MASK = "[masked]";
    // RFC 7519: header and payload are base64url of JSON objects, so both begin with {" encoded.
    private static final Pattern JWT = Pattern.compile("eyJ[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]*)?");
    private static final Pattern NAMED_SECRET = Pattern.compile(
            "(?i)(\"?\\b(?:x-api-key|api[_-]?key|token|session_id|authorization)\\b\"?\\s*[:=]\\s*)(\"[^\"]*\"|[^\\s,;}\\]]+)");

    private Secrets() {}

    /** The text without tokens, session ids and API keys that are recognizable as such, and not longer than the bound. */
    public static String mask(String text) {
        String masked = JWT.matcher(text).replaceAll(MASK);
        masked = NAMED_SECRET.matcher(masked).replaceAll("$1" + MASK);
        return masked.length() <= MAX_DETAIL_LENGTH
                ? masked
                : masked.substring(0, MAX_DETAIL_LENGTH) + "… (" + (masked.length() - MAX_DETAIL_LENGTH)
                        + " more characters)";
    }

    /** {@link #mask} for a JSON value: unchanged where nothing had to be masked or cut, else as text. */
    public static JsonNode mask(JsonNode value) {
        String text = value.isTextual() ? value.textValue() : value.toString();
        String masked = mask(text);
        return masked.equals(text) ? value : TextNode.valueOf(masked);
    }
}
