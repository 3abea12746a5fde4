package dev.serai.wire;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checks themselves must be able to fail, and to say at what. */
@Timeout(120)
class WireSchemasTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            issued_at  | "yesterday"             | /issued_at: does not match the date-time pattern
            expires_at | "+57000-01-01T00:00:00Z" | /expires_at: does not match the date-time pattern
            continuity | "again"                 | /continuity: does not have a value in the enumeration
            token      | null                    | /token: null found, string expected
            status     | "failed"                | required property 'error' not found
            attempts   | -1                      | /attempts: must have a minimum value of 0
            """)
    void wrongReply_failsWithPointerAndExpectation(String field, String json, String expected) throws Exception {
        JsonNode reply = SampleRecords.started().toJson().set(field, Json.MAPPER.readTree(json));

        assertThatThrownBy(() -> WireSchemas.assertReply(reply))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(expected);
    }

    @Test
    void replyThatIsNoJson_fails() {
        assertThatThrownBy(() -> WireSchemas.assertReply("{".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the reply is no JSON");
    }

    @Test
    void wrongDeadLetterHeaders_failWithEveryViolation() {
        List<RecordHeader> headers = List.of(
                SampleRecords.header("serai-error-category", "no_such_category"),
                SampleRecords.header("serai-http-status", "six hundred"));

        assertThatThrownBy(() -> WireSchemas.assertDeadLetterHeaders(headers))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("/serai-error-category: does not have a value in the enumeration")
                .hasMessageContaining("/serai-http-status: does not match the regex pattern")
                .hasMessageContaining("required property 'serai-failed-at' not found");
    }

    @Test
    void headerThatIsNoUtf8_fails() {
        List<RecordHeader> headers = List.of(new RecordHeader("serai-error-detail", new byte[] {(byte) 0xc3}));

        assertThatThrownBy(() -> WireSchemas.assertDeadLetterHeaders(headers))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("header serai-error-detail is not UTF-8");
    }
}
