package dev.serai.wire.event;

import static dev.serai.wire.event.Decoding.accepted;
import static dev.serai.wire.event.Decoding.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.Tries;
import dev.serai.wire.SampleRecords;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes someone publishes: accepted or refused with a reason, and nothing else. */
@Timeout(120)
class StartEventBytesTest {

    @Test
    void noValue_isRefused() {
        assertThat(refused((byte[]) null).reason()).isEqualTo("the event is empty: expected a JSON object");
        assertThat(refused(new byte[0]).reason()).isEqualTo("the event is empty: expected a JSON object");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []        | the event is an array: expected a JSON object
            7         | the event is a number: expected a JSON object
            1e400     | the event is a number: expected a JSON object
            "secret"  | the event is a string: expected a JSON object
            null      | the event is null: expected a JSON object
            true      | the event is a boolean: expected a JSON object
            ` \t\r\n` | the event is blank: expected a JSON object
            """)
    void jsonThatIsNoObject_isRefused(String json, String reason) {
        assertThat(refused(SampleRecords.utf8(json)).reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"event_id\":\"own\",\"character_session_id\":\"secret",
                "{\"event_id\"",
                "{'event_id':1}",
                "{\"event_id\":\"own\",}",
                "{\"ttl_ms\":01}",
                "{\"ttl_ms\":+1}",
                "{\"ttl_ms\":.5}",
                "{\"ttl_ms\":NaN}",
                "{\"ttl_ms\":-Infinity}",
                "{/* a */}",
                "{} # a",
                "{\"a\":\"\u0000\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{} {}",
                "{}\n]",
                "{} secret",
                "{\"a\":1,\"a\":2}",
                "{\"a\nb\":1,\"a\nb\":2}",
                "{\"character_session_id\":secret-value}",
                "{\"character_session_id\":secret",
                "secret",
                "\u2028",
                "\u0085",
                "\uFEFF\uFEFF{}"
            })
    void textThatIsNoJson_isRefusedWithItsPlace(String text) {
        assertThat(refused(SampleRecords.utf8(text)).reason())
                .startsWith("the event is not valid JSON: ")
                .matches(".* at line \\d+, column \\d+")
                .doesNotContain("secret")
                // To whoever configures the parser, not to whoever publishes.
                .doesNotContainIgnoringCase("feature")
                .doesNotContain("`", "ALLOW_", "()");
    }

    @Test
    void byteOrderMark_isIgnored() {
        assertThat(accepted("\uFEFF{'event_id':'own'}").eventId()).isEqualTo("own");
    }

    @Test
    void duplicateField_isNamed() {
        assertThat(refused("{'ttl_ms':1,'ttl_ms':2}").reason()).contains("Duplicate field 'ttl_ms'");
    }

    @Test
    void longDuplicateField_isQuotedShort() {
        String name = "x".repeat(40_000);

        assertThat(refused("{'" + name + "':1,'" + name + "':2}").reason()).contains("Duplicate field 'xxx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32LE"})
    void otherEncoding_isRefused(String charset) {
        refused("{\"event_id\":\"own\"}".getBytes(Charset.forName(charset)));
    }

    @ParameterizedTest
    @CsvSource({"c3", "c328", "ff", "eda080", "f4908080", "c080", "e282"})
    void invalidUtf8_isRefused(String hexadecimal) {
        byte[] wrong = HexFormat.of().parseHex(hexadecimal);
        byte[] event = SampleRecords.utf8("{\"event_id\":\"1234\"}");
        System.arraycopy(wrong, 0, event, event.length - 2 - wrong.length, wrong.length);

        assertThat(refused(event).reason()).isEqualTo("the event is not valid UTF-8");
    }

    @Test
    void everyValidCharacter_isAccepted() {
        assertThat(accepted("{'event_id':'Zoë \\ud83d\\ude00 😀 \\u0000'}").eventId())
                .isEqualTo("Zoë 😀 😀 \u0000");
    }

    /** Half a character could not be written as UTF-8, to the provider or in a reply. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'event_id':'\\ud83d'}",
                "{'end_user_metadata':{'a':['\\ude00\\ud83d']}}",
                "{'connect_options':{'debug':{'\\ud800':1}}}",
                "{'unknown':'\\udfff'}"
            })
    void unpairedSurrogate_isRefused(String json) {
        assertThat(refused(json).reason()).isEqualTo("the event holds text that is not valid Unicode");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [             | ``
            {"a":         | ``
            {"a":[        | ``
            [             | ]
            """)
    void deepNesting_isRefused(String open, String close) {
        String half = "{\"end_user_metadata\":" + open.repeat(20_000);

        assertThat(refused(SampleRecords.utf8(half + close.repeat(20_000))).reason())
                .startsWith("the event is not valid JSON: ");
    }

    @Test
    void hundredThousandBrackets_areRefused() {
        assertThat(refused(SampleRecords.utf8("[".repeat(100_000))).reason())
                .startsWith("the event is not valid JSON: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-1e-999999999", "1e99999999999999999999"})
    void hugeExponent_isNoProblem(String number) {
        Decoding.check(Decoding.decode(SampleRecords.original(
                SampleRecords.utf8("{\"end_user_metadata\":{\"a\":" + number + "},\"ttl_ms\":" + number + "}"))));
    }

    @Test
    void hugeNumber_isRefused() {
        assertThat(refused("{'ttl_ms':" + "9".repeat(200_000) + "}").reason())
                .startsWith("the event is not valid JSON: ");
    }

    @Test
    void eventOfTheLongestLength_isAccepted() {
        String padding = " ".repeat(Decoding.MAX_BYTES - 2);

        accepted("{'ttl_ms':1" + padding.substring(10) + "}");
        assertThat(refused("{" + padding + " }").reason())
                .isEqualTo("the event has 262145 bytes: at most 262144 are allowed"
                        + " (serai.conversation.max-event-bytes)");
    }

    @Test
    void fiveMegabytes_areRefusedUnread() {
        assertThat(refused(new byte[5 << 20]).reason()).startsWith("the event has 5242880 bytes: at most 262144");
    }

    @Test
    void randomBytes_areNeverAProblem() {
        Random random = seeded();
        for (int i = 0; i < Tries.of(10_000); i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            decode(bytes);
        }
    }

    @Test
    void mutatedEvents_areNeverAProblem() {
        byte[] event = SampleRecords.utf8("""
                {"schema_version":1,"event_id":"e","character_id":"c","connection_type":"video",
                "character_session_id":"s","continuity":"fresh","speaker_id":"s","end_user_metadata":{"a":[1.5e3,null]},
                "scene_description":[{"name":"Zoë","description":"\\ud83d\\ude00"}],"dynamic_info":{"text":"t"},
                "connect_options":{"debug":true},"ttl_ms":1500}""");
        byte[] pieces = SampleRecords.utf8("{}[]\":,\\u0-.eE+1tfn \n\u2028");
        Random random = seeded();
        for (int i = 0; i < Tries.of(10_000); i++) {
            byte[] mutated = event.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                mutated = mutate(mutated, pieces, random);
            }
            decode(mutated);
        }
    }

    private static byte[] mutate(byte[] bytes, byte[] pieces, Random random) {
        if (bytes.length == 0) {
            return bytes;
        }
        int at = random.nextInt(bytes.length);
        byte piece = random.nextBoolean() ? pieces[random.nextInt(pieces.length)] : (byte) random.nextInt(256);
        byte[] mutated;
        switch (random.nextInt(4)) {
            case 0 -> {
                mutated = bytes.clone();
                mutated[at] = piece;
            }
            case 1 -> {
                mutated = new byte[bytes.length + 1];
                System.arraycopy(bytes, 0, mutated, 0, at);
                mutated[at] = piece;
                System.arraycopy(bytes, at, mutated, at + 1, bytes.length - at);
            }
            case 2 -> {
                // Without a stretch of random length.
                int end = Math.min(bytes.length, at + random.nextInt(20));
                mutated = new byte[bytes.length - (end - at)];
                System.arraycopy(bytes, 0, mutated, 0, at);
                System.arraycopy(bytes, end, mutated, at, bytes.length - end);
            }
            default -> {
                mutated = bytes.clone();
                int from = random.nextInt(bytes.length);
                int length = Math.min(random.nextInt(30), bytes.length - Math.max(at, from));
                System.arraycopy(bytes, from, mutated, at, length);
            }
        }
        return mutated;
    }

    private static void decode(byte[] bytes) {
        try {
            Decoding.check(Decoding.decode(SampleRecords.original(bytes)));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("decoding failed on: " + new String(bytes, StandardCharsets.ISO_8859_1), e);
        }
    }

    /** A new seed each run; -Dserai.test.seed=… repeats one. */
    private static Random seeded() {
        long seed = Long.getLong("serai.test.seed", System.nanoTime());
        System.out.println("StartEventBytesTest: serai.test.seed=" + seed);
        return new Random(seed);
    }
}
