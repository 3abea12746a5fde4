package dev.serai.wire.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.Reply;
import dev.serai.wire.SampleRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Strict in what is sent: the attributes, each once, and no secret among them. */
@Timeout(120)
class CloudEventRepliesTest {
    private static final CloudEventReplies REPLIES = CloudEventReplies.ofGroup("a group/1");
    private static final Instant NOW = Instant.parse("2026-01-31T10:00:00.123456789Z");
    private static final Reply FAILED = new Reply.Failed(
            SampleRecords.identity(),
            Failure.of(ErrorCategory.INVALID_EVENT, "token=eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl"),
            null);

    private final List<RecordHeader> headers = new ArrayList<>();

    @Test
    void binary_hasItsAttributesInHeaders_andNoneTwice() throws IOException {
        headers.add(header("ce_id", "of the request"));
        headers.add(header("content-type", "of/the-request"));
        headers.add(header("ce_correlationid", "7"));
        OriginalRecord request = request("conversation-1", binary());

        byte[] value = make(FAILED, request);

        assertThat(Json.MAPPER.readTree(value)).isEqualTo(Json.MAPPER.readTree(Json.bytes(FAILED.toJson())));
        Map<String, String> all = new HashMap<>();
        headers.forEach(header -> assertThat(all.put(header.name(), text(header)))
                .as(header.name())
                .isNull());
        assertThat(all)
                .hasSize(10)
                .containsEntry("ce_correlationid", "7")
                .containsEntry("content-type", "application/json")
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_type", "dev.serai.conversation.failed.v1")
                .containsEntry("ce_source", "urn:serai:a%20group%2F1")
                .containsEntry("ce_subject", "conversation-1")
                .containsEntry("ce_time", "2026-01-31T10:00:00.123Z")
                .containsEntry("ce_dataschema", "https://serai.dev/schema/reply.json")
                .containsEntry("ce_knativeerrordata", "invalid_event")
                .containsKey("ce_id");
        assertThat(all.toString()).doesNotContain("eyJ");
    }

    @Test
    void structured_hasItsAttributesInTheValue_andTheStatusAsANumber() throws IOException {
        Reply reply = new Reply.Failed(
                SampleRecords.identity(),
                new Failure(ErrorCategory.CHARACTER_NOT_FOUND, 404, Json.MAPPER.readTree("\"not found\"")),
                null);
        OriginalRecord request =
                request("conversation-1", List.of(header("content-type", "application/cloudevents+json")));

        JsonNode value = Json.MAPPER.readTree(make(reply, request));

        assertThat(headers).singleElement().satisfies(header -> assertThat(header.name() + ": " + text(header))
                .isEqualTo("content-type: application/cloudevents+json"));
        assertThat(value.path("knativeerrorcode").isInt()).isTrue();
        assertThat(value.path("datacontenttype").asText()).isEqualTo("application/json");
        assertThat(value.path("data")).isEqualTo(Json.MAPPER.readTree(Json.bytes(reply.toJson())));
    }

    @Test
    void whatARouteHasMadeNoJsonOf_isWrappedAllTheSame() throws IOException {
        OriginalRecord request = request("k", List.of(header("content-type", "application/cloudevents+json")));
        byte[] text = SampleRecords.utf8("no JSON");

        JsonNode value = Json.MAPPER.readTree(
                REPLIES.addTo(headers, FAILED, request, "e", NOW).apply(text));

        assertThat(value.path("data_base64").binaryValue()).isEqualTo(text);
        assertThat(value.has("data")).isFalse();
        assertThat(value.has("datacontenttype")).isFalse();
    }

    /** An envelope is one level more, and no parser reads as many. */
    @Test
    void whatIsNestedAsDeeplyAsCanBe_isWrappedAsBytes() throws IOException {
        OriginalRecord request = request("k", List.of(header("content-type", "application/cloudevents+json")));
        byte[] deep = SampleRecords.utf8("{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000));

        JsonNode value = Json.MAPPER.readTree(
                REPLIES.addTo(headers, FAILED, request, "e", NOW).apply(deep));

        assertThat(value.path("data_base64").binaryValue()).isEqualTo(deep);
        assertThat(value.path("datacontenttype").asText()).isEqualTo("application/json");
    }

    /** A reply that is made again after a crash is the same one; what answers another record, or otherwise, is not. */
    @Test
    void id_isThatOfTheRecordAndTheAnswer() {
        OriginalRecord request = request("k", binary());
        String id = id(FAILED, request, "e", NOW);

        assertThat(id(FAILED, request, "e", NOW.plusSeconds(9))).isEqualTo(id);
        assertThat(id(SampleRecords.started(), request, "e", NOW)).isNotEqualTo(id);
        assertThat(id(FAILED, at(request, 42), "e", NOW)).isNotEqualTo(id);
        assertThat(id(FAILED, request, "f", NOW)).isNotEqualTo(id);
    }

    private static String id(Reply reply, OriginalRecord request, String eventId, Instant now) {
        List<RecordHeader> headers = new ArrayList<>();
        var unused = REPLIES.addTo(headers, reply, request, eventId, now);
        return headers.stream()
                .filter(header -> header.name().equals("ce_id"))
                .map(CloudEventRepliesTest::text)
                .findFirst()
                .orElseThrow();
    }

    @SuppressWarnings("NullAway") // which does not read the annotations of a record's array components
    private static OriginalRecord at(OriginalRecord original, long offset) {
        return new OriginalRecord(
                original.topic(),
                original.partition(),
                offset,
                original.timestamp(),
                original.key(),
                original.value(),
                original.headers());
    }

    /** A CloudEvent's texts have none, and a key may be anything. */
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "a\nb", "a\u0085b"})
    void keyThatIsNoText_isNoSubject(@Nullable String key) {
        var unused = make(FAILED, request(key, binary()));

        assertThat(headers).extracting(RecordHeader::name).contains("ce_id").doesNotContain("ce_subject");
    }

    @Test
    void replyToAnyOtherEvent_staysAsItIs() {
        byte[] value = make(FAILED, request("k", List.of(header("ce_id", "1"))));

        assertThat(value).isEqualTo(Json.bytes(FAILED.toJson()));
        assertThat(headers).isEmpty();
    }

    private byte[] make(Reply reply, OriginalRecord request) {
        return REPLIES.addTo(headers, reply, request, "event-1", NOW).apply(Json.bytes(reply.toJson()));
    }

    private static List<RecordHeader> binary() {
        return List.of(
                header("ce_specversion", "1.0"),
                header("ce_id", "1"),
                header("ce_source", "/s"),
                header("ce_type", CloudEvent.Action.START.type()));
    }

    private static OriginalRecord request(@Nullable String key, List<RecordHeader> headers) {
        return SampleRecords.original(
                key == null ? null : SampleRecords.utf8(key),
                SampleRecords.utf8("{}"),
                headers.toArray(RecordHeader[]::new));
    }

    private static RecordHeader header(String name, String value) {
        return SampleRecords.header(name, value);
    }

    private static String text(RecordHeader header) {
        byte[] value = header.value();
        return value == null ? "null" : new String(value, StandardCharsets.UTF_8);
    }
}
