package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.wire.OriginalRecord;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ConversationKeyTest {

    @ParameterizedTest
    @ValueSource(strings = {"caller-1", "0x", "0x8", "0xzz", "0x41", "0X80ff", "\u00fc"})
    void text_isItself(String key) {
        assertThat(ConversationKey.bytes(key)).isEqualTo(key.getBytes(UTF_8));
    }

    @Test
    void bytesThatAreNoUtf8_areHexadecimal() {
        assertThat(ConversationKey.bytes("0x80ff")).containsExactly(0x80, 0xff);
    }

    @ParameterizedTest
    @ValueSource(strings = {"63616c6c6572", "80ff", "30783431", "c3bc", "ff00"})
    void everyKey_isReadFromWhatAReplyShows(String hexadecimal) {
        byte[] key = HexFormat.of().parseHex(hexadecimal);
        String shown = new OriginalRecord("start", 0, 0, Instant.EPOCH, key, new byte[0], List.of()).conversationKey();

        assertThat(ConversationKey.bytes(Objects.requireNonNull(shown))).isEqualTo(key);
    }
}
