package dev.serai.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing cuts a character in half, and no half that others have left goes on. */
class CharactersTest {

    @ParameterizedTest
    @CsvSource({"0,''", "1,a", "2,a", "3,a😀", "4,a😀b", "5,a😀b"})
    void cut_isBetweenCharacters(int length, String expected) {
        assertThat(Characters.atMost(length, "a😀b")).isEqualTo(expected);
    }

    @Test
    void halves_areReplaced() {
        assertThat(Characters.whole("a\ud83d😀\ude00\ud83d")).isEqualTo("a\uFFFD😀\uFFFD\uFFFD");
    }

    /** At whatever place a limit falls. */
    @Test
    void errorDetail_hasNoHalfCharacter() {
        for (int before = 0; before < 4; before++) {
            for (String text : new String[] {
                "x".repeat(before) + "😀".repeat(600),
                "x".repeat(before) + "😀".repeat(6_000),
                // Masked, the first part is short: what stands at the end of what is searched comes to stand in the
                // detail.
                ("token=" + "s".repeat(990 + before) + " ").repeat(9) + "😀".repeat(2_000)
            }) {
                assertWhole(Secrets.mask(text));
                Failure failure = Failure.of(ErrorCategory.INVALID_EVENT, text + "\ud83d");
                assertWhole(failure.detailText());
                assertWhole(Json.text(failure.detail()));
            }
        }
    }

    private static void assertWhole(String text) {
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).as(text).isTrue();
    }
}
