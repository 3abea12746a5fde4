package dev.serai.cli;

import dev.serai.wire.Characters;
import dev.serai.wire.OriginalRecord;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Conversation keys on the command line, in the notation of {@link OriginalRecord#conversationKey}. */
final class ConversationKey {
    private static final String HEXADECIMAL = "0x";

    private ConversationKey() {}

    /**
     * The key's bytes. {@code 0x} and hexadecimal digits are bytes only where these are no UTF-8: bytes that are have
     * the text as their notation, so that {@code 0x41} is a key of four characters.
     */
    static byte[] bytes(String notation) {
        if (notation.startsWith(HEXADECIMAL)) {
            try {
                byte[] bytes = HexFormat.of().parseHex(notation, HEXADECIMAL.length(), notation.length());
                if (Characters.ofUtf8(bytes).isEmpty()) {
                    return bytes;
                }
            } catch (IllegalArgumentException e) {
                return notation.getBytes(StandardCharsets.UTF_8);
            }
        }
        return notation.getBytes(StandardCharsets.UTF_8);
    }
}
