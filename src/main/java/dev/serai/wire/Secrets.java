package dev.serai.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps what must stay secret out of the log, and out of error texts that others wrote: a provider or a source can quote a
 * token back. Secrets are found by their values where this process knows them ({@link KnownSecrets}), by their names, and by
 * their forms. Bounds the texts as well. Stateless and thread-safe.
 */
public final class Secrets {
    /** Longest error detail in characters; more is cut, and the cut is said. */
    public static final int MAX_DETAIL_LENGTH = 1_000;

    /** What is further back cannot come to stand before the cut but by masking, and is dropped before it is searched. */
    private static final int MAX_SEARCHED_LENGTH = 10 * MAX_DETAIL_LENGTH;

    /** What is longer is no message, but data. */
    private static final int MAX_LOG_LENGTH = 100_000;

    private static final String MASK = "[masked]";

    // RFC 7519: header and payload are base64url of JSON objects, so both begin with {" encoded. What has no dot is
    // found,
    // too, so that it is looked at once, but it is none.
    private static final Pattern JWT = Pattern.compile("eyJ[A-Za-z0-9_-]*+(\\.[A-Za-z0-9_-]*+){0,2}");
    private static final Pattern CUT_JWT = Pattern.compile("\\beyJ[A-Za-z0-9_-]{12,}+");
    // The options of a Kafka client's login module, up to the semicolon that ends them.
    private static final Pattern LOGIN_MODULE =
            Pattern.compile("(?i)(LoginModule\\s{1,4}(?:required|requisite|sufficient|optional)\\b)[^;]*+");
    private static final Pattern PRIVATE_KEY = Pattern.compile(
            "-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\\z)");
    // Who goes there, in an address; and what is behind the host of a room's.
    private static final Pattern USER_INFO = Pattern.compile("(://)[^/\\s:@]{1,200}:[^/\\s@]{1,200}(?=@)");
    private static final Pattern ROOM_PATH = Pattern.compile("(?i)(\\bwss?://[^\\s/\"'<>?#]{1,300})[/?#][^\\s\"'<>]+");

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

    /** The JSON value with masks in place of the secrets, of the same shape and however long. */
    public static JsonNode masked(JsonNode value) {
        return masked(value, "");
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

    /**
     * A text of the log without secrets: as {@link #mask(String)}, but for its bound, which is far wider.
     *
     * @return the very text if there is nothing to mask
     */
    public static String inLog(String text) {
        return cut(
                masked(text.substring(0, Math.min(text.length(), MAX_LOG_LENGTH))),
                Integer.MAX_VALUE,
                Math.max(0, text.length() - MAX_LOG_LENGTH));
    }

    private static String masked(String text) {
        String masked = KnownSecrets.OF_PROCESS.masked(text, MASK);
        masked = masked(masked, "PRIVATE KEY", PRIVATE_KEY, MASK);
        masked = masked(masked, "LoginModule", LOGIN_MODULE, "$1 " + MASK);
        masked = withoutTokens(masked);
        masked = masked(masked, "://", ROOM_PATH, "$1/" + MASK);
        masked = masked(masked, "@", USER_INFO, "$1" + MASK);
        return NamedSecrets.masked(masked, MASK);
    }

    private static String withoutTokens(String text) {
        if (!text.contains("eyJ")) {
            return text;
        }
        String masked = JWT.matcher(text)
                .replaceAll(token -> token.group(1) == null ? Matcher.quoteReplacement(token.group()) : MASK);
        return CUT_JWT.matcher(masked).replaceAll(MASK);
    }

    /** @param part is in every text that the pattern finds something in */
    private static String masked(String text, String part, Pattern secret, String mask) {
        return text.contains(part) ? secret.matcher(text).replaceAll(mask) : text;
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
                                NamedSecrets.isNaming(field.getKey())
                                        ? TextNode.valueOf(MASK)
                                        : masked(field.getValue(), known)));
                yield fields;
            }
            default -> value;
        };
    }
}
