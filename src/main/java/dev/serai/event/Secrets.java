package dev.serai.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.regex.Pattern;

/**
 * Keeps what must stay secret out of error texts that others wrote: a provider or a source can quote a token back.
 * Bounds them as well. Stateless and thread-safe.
 */
public final class Secrets {
    /** Longest error detail in characters; more is cut, and the cut is said. */
    public static final int MAX_DETAIL_LENGTH = 1_000;

    /** What is further back cannot come to stand before the cut but by masking, and is dropped before it is searched. */
    private static final int MAX_SEARCHED_LENGTH = 10 * MAX_DETAIL_LENGTH;

    private static final String MASK = "[masked]";

    // RFC 7519: header and payload are base64url of JSON objects, so both begin with {" encoded.
    private static final Pattern JWT = Pattern.compile("eyJ[A-Za-z0-9_-]*+\\.[A-Za-z0-9_-]*+(\\.[A-Za-z0-9_-]*+)?");
    // With any prefix, such as access_token; but character_session_id is an address, not a credential.
    private static final String NAMES = "\\w*(?:api[ _-]?key|token|(?<!character_)session_id|authorization)";
    private static final Pattern SECRET_NAME = Pattern.compile("(?i)(?:.*\\W)?" + NAMES);
    // The value: masked already, or in quotes (of a kind, escaped or not, closed or cut off), or up to the next space.
    private static final Pattern NAMED_SECRET = Pattern.compile("(?i)(\\b" + NAMES + "\\b[\\\\\"']*\\s*[:=]\\s*)"
            + "(?:\\[masked]|(\\\\*)([\"'])(?s:.*?)(?:(?<!\\\\)\\2\\3|\\z)"
            + "|(?:(?:Bearer|Basic|Token)\\s+)?[^\\s,;}\\]]+)");

    private Secrets() {}

    /** The text without tokens, session ids and API keys that are recognizable as such, and not longer than the bound. */
    public static String mask(String text) {
        String beginning = Characters.atMost(MAX_SEARCHED_LENGTH, text);
        return cut(masked(beginning), MAX_DETAIL_LENGTH, text.length() - beginning.length());
    }

    /**
     * {@link #mask} for a JSON value: of the same shape, with masks in place of the secrets; as text if it had to be cut.
     *
     * @param known a secret that is masked wherever it stands in a text; none if empty
     */
    public static JsonNode mask(JsonNode value, String known) {
        String text = Json.text(value);
        if (text.length() > MAX_SEARCHED_LENGTH) {
            return TextNode.valueOf(mask(without(known, text)));
        }
        JsonNode masked = masked(value, known);
        text = Json.text(masked);
        return text.length() <= MAX_DETAIL_LENGTH ? masked : TextNode.valueOf(cut(text, MAX_DETAIL_LENGTH));
    }

    /** At most so many characters of the text, and how many were cut off. */
    static String cut(String text, int maxLength) {
        return cut(text, maxLength, 0);
    }

    private static String cut(String text, int maxLength, int alreadyCut) {
        if (text.length() <= maxLength && alreadyCut == 0) {
            return text;
        }
        String beginning = Characters.atMost(maxLength, text);
        return beginning + "… (" + (text.length() - beginning.length() + alreadyCut) + " more characters)";
    }

    private static String masked(String text) {
        String masked = JWT.matcher(text).replaceAll(MASK);
        return NAMED_SECRET.matcher(masked).replaceAll("$1" + MASK);
    }

    private static String without(String known, String text) {
        return known.isEmpty() ? text : text.replace(known, MASK);
    }

    private static JsonNode masked(JsonNode value, String known) {
        return switch (value) {
            case TextNode text -> TextNode.valueOf(masked(without(known, text.textValue())));
            case ArrayNode array -> {
                ArrayNode elements = Json.MAPPER.createArrayNode();
                array.forEach(element -> elements.add(masked(element, known)));
                yield elements;
            }
            case ObjectNode object -> {
                ObjectNode fields = Json.MAPPER.createObjectNode();
                object.properties()
                        .forEach(field -> fields.set(
                                masked(without(known, field.getKey())),
                                SECRET_NAME.matcher(field.getKey()).matches()
                                        ? TextNode.valueOf(MASK)
                                        : masked(field.getValue(), known)));
                yield fields;
            }
            default -> value;
        };
    }
}
