package dev.serai.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class DeadLetterTest {
    private static final Instant FAILED_AT = Instant.parse("2026-01-31T10:00:01Z");

    private static DeadLetter letter(Failure failure, RecordHeader... headers) {
        return new DeadLetter(SampleRecords.original(new byte[0], headers), failure, 2, FAILED_AT);
    }

    @Test
    void headers_sayWhyAndWhereFrom() {
        ObjectNode headers = WireSchemas.assertDeadLetterHeaders(
                letter(new Failure(ErrorCategory.INVALID_REQUEST, 400, TextNode.valueOf("why")))
                        .headers());

        assertThat(headers)
                .isEqualTo(SampleRecords.json("{'serai-error-category':'invalid_request','serai-error-detail':'why',"
                        + "'serai-http-status':'400','serai-attempts':'2',"
                        + "'serai-original-topic':'conversation.start','serai-original-partition':'3',"
                        + "'serai-original-offset':'41','serai-failed-at':'2026-01-31T10:00:01Z'}"));
    }

    @ParameterizedTest
    @EnumSource
    void headers_ofEveryCategory_matchTheSchema(ErrorCategory category) {
        ObjectNode headers = WireSchemas.assertDeadLetterHeaders(
                letter(Failure.of(category, "why")).headers());

        assertThat(headers.get("serai-error-category").textValue()).isEqualTo(category.wireName());
        assertThat(headers.has("serai-http-status")).isFalse();
    }

    @Test
    void originalHeaders_comeFirstInOrder_withRepeatedNamesAndNullValues() {
        RecordHeader[] original = {
            SampleRecords.header("b", "1"),
            new RecordHeader("a", null),
            SampleRecords.header("b", "2"),
            new RecordHeader("B", new byte[] {(byte) 0xff}),
            new RecordHeader("", new byte[0])
        };

        List<RecordHeader> headers =
                letter(Failure.of(ErrorCategory.EXPIRED, "late"), original).headers();

        assertThat(headers.subList(0, original.length)).containsExactly(original);
        assertThat(headers.subList(original.length, headers.size()))
                .allSatisfy(header -> assertThat(header.name()).startsWith("serai-"));
    }

    @Test
    void countOfReplays_isKeptAlone_ofAllThatOnlyTheServiceSets() {
        ObjectNode headers = WireSchemas.assertDeadLetterHeaders(letter(
                        Failure.of(ErrorCategory.EXPIRED, "late"),
                        SampleRecords.header(DeadLetter.REPLAYS, "1"),
                        SampleRecords.header(DeadLetter.REPLAYS, "2"),
                        SampleRecords.header("serai-status", "failed"))
                .headers());

        assertThat(headers.path(DeadLetter.REPLAYS).textValue()).isEqualTo("2");
        assertThat(headers.has("serai-status")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "x", "1234567"})
    void countOfReplays_thatIsNone_isLeftOut(String count) {
        ObjectNode headers = WireSchemas.assertDeadLetterHeaders(
                letter(Failure.of(ErrorCategory.EXPIRED, "late"), SampleRecords.header(DeadLetter.REPLAYS, count))
                        .headers());

        assertThat(headers.has(DeadLetter.REPLAYS)).isFalse();
    }

    static List<JsonNode> longDetails() {
        ArrayNode array = Json.MAPPER.createArrayNode();
        for (int i = 0; i < 500; i++) {
            array.addObject().put("type", "missing").putArray("loc").add("body").add("character_id");
        }
        return List.of(array, TextNode.valueOf("x".repeat(100_000)), TextNode.valueOf("\uD83D\uDE00".repeat(100_000)));
    }

    @ParameterizedTest
    @MethodSource("longDetails")
    void longDetail_isCutToWhatTheSchemaAllows(JsonNode detail) {
        WireSchemas.assertDeadLetterHeaders(
                letter(new Failure(ErrorCategory.INVALID_REQUEST, 422, detail)).headers());
    }

    @Test
    void detailOfSeveralLines_isOneLine() {
        ObjectNode headers = WireSchemas.assertDeadLetterHeaders(letter(Failure.of(
                        ErrorCategory.PROVIDER_UNAVAILABLE, "first\r\nsecond\u2028third\tfourth\u001b\u009b\u202e"))
                .headers());

        assertThat(headers.get("serai-error-detail").textValue()).isEqualTo("first second third fourth ");
    }
}
