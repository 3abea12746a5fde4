package dev.serai.wire.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.Json;
import dev.serai.wire.SampleRecords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field at the ends of what a number, a time or a text can be: refused with a reason, or accepted; never a defect. */
@Timeout(120)
class StartEventExtremesTest {
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "-0.0",
            "1.0",
            "1e0",
            "2",
            "-1",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "1e18",
            "1e19",
            "1e308",
            "1e309",
            "-1e309",
            "1e400",
            "1e-400",
            "1e999999999",
            "-1e999999999",
            "1e-999999999",
            "0e999999999",
            "1e2147483647",
            "1e2147483648",
            "1e-2147483648",
            "1e-2147483649",
            "1e99999999999999999999",
            "-1e-99999999999999999999",
            "0.000000000000000000000000000000000000001e999999999",
            "3.141592653589793238462643383279502884197",
            "9".repeat(1_000),
            "0." + "9".repeat(990));

    private static final List<String> TIMES = List.of(
            "-999999999-01-01T00:00:00Z",
            "+999999999-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00+18:00",
            "+999999999-12-31T23:59:59.999999999-18:00",
            "-0001-12-31T23:59:59Z",
            "+10000-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "0000-01-01T00:00:00+18:00",
            "9999-12-31T23:59:59.999999999Z",
            "9999-12-31T23:59:59-18:00",
            "9999-12-31T23:59:60Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T10:00:00+99:99",
            "2026-01-31T10:00:00.0000000000Z");

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "\\u0000",
            "\\u2028\\u2029\\u0085",
            "😀".repeat(256),
            "😀".repeat(257),
            "x".repeat(511) + "😀",
            "\\ud83d",
            "\\udfff\\ud83d",
            "\\uffff\\ufffe",
            "x".repeat(65_536),
            "x".repeat(65_537));

    static Stream<String> fields() throws IOException {
        JsonNode schema = Json.MAPPER.readTree(
                StartEventExtremesTest.class.getResourceAsStream("/schema/start-conversation.json"));
        List<String> names = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        return names.stream();
    }

    @ParameterizedTest
    @MethodSource("fields")
    void extremeValue_isRefusedOrAccepted(String field) {
        for (String number : NUMBERS) {
            decodeIn(field, number);
        }
        for (String text : TIMES) {
            decodeIn(field, "\"" + text + "\"");
        }
        for (String text : TEXTS) {
            decodeIn(field, "\"" + text + "\"");
        }
    }

    /** As it is, and within every kind of container that the field may or may not hold. */
    private static void decodeIn(String field, String value) {
        for (String json : List.of(
                value,
                "[" + value + "]",
                "[[" + value + "]]",
                "{\"text\":" + value + "}",
                "{\"debug\":" + value + "}",
                "[{\"name\":" + value + ",\"description\":" + value + ",\"more\":" + value + "}]")) {
            String event = "{\"character_id\":\"c\",\"" + field + "\":" + json + "}";
            if (field.equals("character_id")) {
                event = "{\"character_id\":" + json + "}";
            }
            try {
                Decoding.check(Decoding.decode(SampleRecords.original(SampleRecords.utf8(event))));
            } catch (RuntimeException e) {
                throw new AssertionError("decoding failed on " + event, e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-999999999-01-01T00:00:00Z",
                "+999999999-12-31T23:59:59Z",
                "-0001-12-31T23:59:59Z",
                "+10000-01-01T00:00:00Z",
                "0000-01-01T00:00:00+18:00",
                "9999-12-31T23:59:59-18:00"
            })
    void timeThatRfc3339HasNoFormFor_isRefused(String time) {
        assertThat(Decoding.refused("{'character_id':'c','expires_at':'" + time + "'}")
                        .reason())
                .isEqualTo("/expires_at: expected an RFC 3339 date and time such as 2026-01-31T10:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-1e999999999", "1e99999999999999999999", "1e400", "1e-400", "2", "1.5"})
    void versionThatIsNot1_isRefused(String version) {
        assertThat(Decoding.refused("{'character_id':'c','schema_version':" + version + "}")
                        .reason())
                .isEqualTo("/schema_version: must be 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.0", "1e0", "10e-1"})
    void versionThatIs1_isAccepted(String version) {
        Decoding.accepted("{'character_id':'c','schema_version':" + version + "}");
    }
}
