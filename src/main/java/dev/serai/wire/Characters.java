package dev.serai.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Texts in whole characters: one beyond the basic plane, such as an emoji, is two of Java's, and is never cut in half. */
public final class Characters {
    /** Half a character: a surrogate without its other one. */
    private static final Pattern HALF = Pattern.compile("[\\uD800-\\uDFFF]");

    /** Some writers of UTF-8 begin with it; readers of JSON may ignore it (RFC 8259, section 8.1). */
    public static final char BYTE_ORDER_MARK = '\uFEFF';

    private static final String REPLACEMENT = "\uFFFD";

    private Characters() {}

    /** The text that UTF-8 bytes are; empty if they are not valid UTF-8. */
    public static Optional<String> ofUtf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The text without a byte order mark at its beginning. */
    public static String withoutMark(String text) {
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    /** The beginning of the text, as much of it as fits in {@code length} by {@link String#length}. */
    public static String atMost(int length, String text) {
        if (text.length() <= length) {
            return text;
        }
        boolean splits = length > 0
                && Character.isHighSurrogate(text.charAt(length - 1))
                && Character.isLowSurrogate(text.charAt(length));
        return text.substring(0, splits ? length - 1 : length);
    }

    /** The text with U+FFFD for each half of a character that others have left in it. */
    public static String whole(String text) {
        // A pattern sees a pair of surrogates as the one character that it is.
        return HALF.matcher(text).replaceAll(REPLACEMENT);
    }
}
