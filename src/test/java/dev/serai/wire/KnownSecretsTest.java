package dev.serai.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.serai.testing.Tries;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class KnownSecretsTest {
    private static final String SESSION = "5f0c2a1e-77b3-4c52-9d0e-1b6f3a8c4e2d";
    private static final String TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.X9v2kQmZ7tLrB4wYc0PdEfGhJ1sTuVwX";
    private static final String KEY = "sk-live-9aF3kLm2Qx7ZtB4w";

    private final KnownSecrets known = new KnownSecrets();

    private String masked(String text) {
        return known.masked(text, "#");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            5f0c2a1e-77b3-4c52-9d0e-1b6f3a8c4e2d        | #
            no 5F0C2A1E-77B3-4C52-9D0E-1B6F3A8C4E2D here | no # here
            5f0c2a1e77b34c529d0e1b6f3a8c4e2d            | #
            "x5f0c2a1e77b34c529d0e1b6f3a8c4e2dx"        | "#"
            room-5f0c2a1e-77b3-4c52-9d0e-1b6f3a8c4e2d.  | #.
            it begins with 5f0c2a1e-77b3-4              | it begins with #
            5f0c2a1e 77b3 4c52 9d0e 1b6f3a8c4e2d, twice | # #, twice
            another 6f0c2a1e-77b3-4c52-9d0e-1b6f3a8c    | another #
            another 6f0c2a1e-77b4-4c53-9d0f-1b6f3a8c    | another 6f0c2a1e-77b4-4c53-9d0f-1b6f3a8c
            """)
    void handedOut_isFoundWhereverItStands(String text, String expected) {
        known.addHandedOut(SESSION);

        assertThat(masked(text)).isEqualTo(expected);
    }

    @Test
    void token_isFoundByItsEnd() {
        known.addHandedOut(TOKEN);

        assertThat(masked("signed X9v2kQmZ7tLrB4wYc0PdEfGhJ1sTuVwX")).isEqualTo("signed #");
        assertThat(masked("…" + TOKEN.substring(60) + "…")).isEqualTo("…#…");
    }

    @Test
    void key_isFoundInPiecesAndInOtherForms() {
        known.addKey(KEY);

        assertThat(masked("your key sk-live-9aF3… is wrong")).isEqualTo("your key #… is wrong");
        assertThat(masked("it ends in Qx7ZtB4w")).isEqualTo("it ends in #");
        assertThat(masked("[\"9aF3\",\"kLm2\",\"Qx7Z\"]")).isEqualTo("[\"#\"]");
        assertThat(masked("hex " + HexFormat.of().formatHex(KEY.getBytes(UTF_8))))
                .isEqualTo("hex #");
        for (String user : new String[] {"", "u", "us", "user:", "another:"}) {
            byte[] bytes = (user + KEY + "?").getBytes(UTF_8);
            assertThat(masked(Base64.getEncoder().encodeToString(bytes)).replaceAll("[=#/+_-]", ""))
                    .as("base64 behind " + user)
                    .isEmpty();
            assertThat(masked(Base64.getUrlEncoder().encodeToString(bytes)).replaceAll("[=#/+_-]", ""))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sess-42", "k9", "ab12cd34"})
    void shortSecret_isFoundAsAWord_unlessItIsTooShort(String secret) {
        known.addHandedOut(secret);

        assertThat(masked("is " + secret + " it")).isEqualTo(secret.length() < 6 ? "is k9 it" : "is # it");
        assertThat(masked("x" + secret)).isEqualTo("x" + secret);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "session", "museum-guide-of-the-town", "wss://rooms.example.com", "000000000000000"})
    void whatIsLikeAWord_isNotKnown(String text) {
        known.addHandedOut(text);
        known.addRoomUrl(text);

        assertThat(masked("in " + text + " there")).isEqualTo("in " + text + " there");
    }

    @Test
    void roomUrl_isKnownBehindItsHost() {
        known.addRoomUrl("wss://rooms.example:7880/live/websocket/" + SESSION + "?ticket=9aF3kLm2Qx7ZtB4w");

        assertThat(masked("rooms.example:7880/live/websocket is up"))
                .isEqualTo("rooms.example:7880/live/websocket is up");
        assertThat(masked(SESSION + " 9aF3kLm2Qx7ZtB4w")).isEqualTo("# #");
    }

    /** A websocket's address has it, and it may be shorter than what is looked for otherwise, or encoded. */
    @Test
    void sessionInARoomUrl_isKnownHoweverShortItIs() {
        known.addRoomUrl("wss://rooms.example/chat?v=2&session_id=s9-Xk4q&access_token=a%2DB7%2Dc9k");

        assertThat(masked("no s9-Xk4q here, nor a-B7-c9k; v 2 chat")).isEqualTo("no # here, nor #; v 2 chat");
    }

    /** A provider can send what it likes: it must be taken in, and must not make the process forget others' secrets. */
    @Test
    void hugeSecrets_takeNoMoreRoomThanOthers() {
        known.addHandedOut(SESSION);
        String huge = "a1B2c3D4e5F6g7/".repeat(70_000);

        known.addHandedOut(huge);
        known.addRoomUrl("wss://rooms.example/" + huge);

        assertThat(masked("in " + SESSION)).isEqualTo("in #");
    }

    /** To look for the first of each character again and again took the square of its length: of a million, six seconds. */
    @Test
    void hugeSecretOfFewCharacters_isTakenInWithoutDelay() {
        String sparse = "a" + "-".repeat(2_000_000) + "_".repeat(2_000_000) + "bcdefghijk1";

        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> known.addHandedOut(sparse));

        assertThat(masked("abcdefghijk1")).isEqualTo("#");
    }

    @Test
    void randomSecrets_areFoundAmongOthers_andNothingElseIs() {
        long seed = Long.getLong("serai.test.seed", new Random().nextLong());
        System.out.println("seed of randomSecrets_areFoundAmongOthers_andNothingElseIs: " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < Tries.of(20_000); i++) {
            String secret = uuid(random);
            known.addHandedOut(secret);
            String other = uuid(random);
            assertThat(masked(other)).isEqualTo(other);
            assertThat(masked("<" + (i % 2 == 0 ? secret : secret.toUpperCase(Locale.ROOT)) + ">"))
                    .isEqualTo("<#>");
        }
    }

    /** A bound on memory: the last are known, and not all that ever were. */
    @Test
    void lastSecrets_areKnown_andTheFirstIsForgotten() {
        Random random = new Random(7);
        String first = uuid(random);
        known.addHandedOut(first);
        String last = first;
        for (int i = 0; i < 100_000; i++) {
            last = uuid(random);
            known.addHandedOut(last);
        }

        assertThat(masked(last)).isEqualTo("#");
        assertThat(masked(first)).isEqualTo(first);
    }

    private static String uuid(Random random) {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    @Test
    @Timeout(120)
    void secretAgainAndAgain_isMaskedInOneGo() {
        known.addKey(KEY);

        assertThat(masked(KEY.replace("-", "").repeat(20_000))).isEqualTo("#");
        assertThat(masked((KEY + " ").repeat(20_000))).isEqualTo("# ".repeat(20_000));
    }
}
