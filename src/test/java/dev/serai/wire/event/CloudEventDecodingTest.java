package dev.serai.wire.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Priority;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.SampleRecords;
import dev.serai.wire.event.Decoded.Accepted;
import dev.serai.wire.event.Decoded.End;
import dev.serai.wire.event.Decoded.Refused;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Issue 16: CloudEvents as the binding says, and as its implementations differ. */
@Timeout(120)
class CloudEventDecodingTest {
    private static final String START = "dev.serai.conversation.start.v1";
    private static final String END = "dev.serai.conversation.end.v1";

    private static final EventPreviews PREVIEWS =
            new EventPreviews(Decoding.DEADLINES, Set.of("default", "acme"), "default-character");

    /** Headers are joined by {@code &}; FOUR stands for those that a CloudEvent must have, and EVENT for a structured one. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "null", textBlock = """
            # structured mode: the content type begins so, or is not there
            content-type=application/cloudevents+json                                 | EVENT | start /s 1
            content-type=Application/CloudEvents+JSON; charset=UTF-8                  | EVENT | start /s 1
            content-type=application/cloudevents+json;charset="utf-8" ; x=y           | EVENT | start /s 1
            content-type=application/cloudevents                                      | EVENT | start /s 1
            ``                                                                        | EVENT | start /s 1
            ce_id=9 & ce_source=/other                                                | EVENT | start /s 1
            FOUR & ce_id=9 & ce_type=dev.serai.conversation.end.v1                    | EVENT | start /s 1
            content-type=application/cloudevents+json & FOUR & ce_id=9 & ce_source=/x | EVENT | start /s 1
            content-type=application/cloudevents-batch+json                           | EVENT | header content-type: a batch of CloudEvents
            content-type=application/cloudevents-batch                                | [EVENT] | header content-type: a batch of CloudEvents
            content-type=application/cloudevents+avro                                 | EVENT | header content-type: a CloudEvent that is not in JSON
            content-type=application/cloudevents+json; charset=iso-8859-1             | EVENT | header content-type: JSON is in UTF-8
            content-type=application/json                                             | EVENT | the event is a structured CloudEvent
            content-type=application/cloudevents+json                                 | null | the CloudEvent is no JSON object
            content-type=application/cloudevents+json                                 | []   | the CloudEvent is no JSON object
            content-type=application/cloudevents+json                                 | {"id" | the CloudEvent is not valid JSON at line 1
            content-type=application/cloudevents+json                                 | EVENT 1 | something stands behind the end
            # binary mode: the content type is the data's, in whichever header
            FOUR                                                                      | {"character_id":"c"} | start /s 1
            FOUR & content-type=application/json; charset=utf-8                       | {"character_id":"c"} | start /s 1
            FOUR & content-type=application/problem+json                              | {"character_id":"c"} | start /s 1
            FOUR & ce_datacontenttype=application/json                                | {"character_id":"c"} | start /s 1
            FOUR & ce_datacontenttype=application/json & content-type=application/octet-stream | {"character_id":"c"} | start /s 1
            FOUR & content-type=application/json & ce_datacontenttype=avro/binary     | {"character_id":"c"} | start /s 1
            FOUR & content-type=application/avro                                      | {"character_id":"c"} | header content-type: the data of an event is JSON
            FOUR & ce_datacontenttype=text/plain                                      | {"character_id":"c"} | header ce_datacontenttype: the data of an event is JSON
            FOUR & content-type=application/json; charset=utf-16                      | {"character_id":"c"} | header content-type: JSON is in UTF-8
            FOUR & ce_subject=null & ce_time=null & ce_x=null & content-type=null     | {"character_id":"c"} | start /s 1
            FOUR & ce_time=                                                           | {"character_id":"c"} | start /s 1
            FOUR & ce_partitionkey=p & ce_myextension=x                               | {"character_id":"c"} | start /s 1
            FOUR                                                                      | {"event_id":"own","character_id":"c"} | start own
            FOUR                                                                      | null | the event is empty
            FOUR                                                                      | {}   | no field of a start event
            FOUR                                                                      | {"ttl_ms":0} | /ttl_ms
            # what makes a record one, and what it lacks
            ce_id=1                                                                   | {"character_id":"c"} | start 1
            ce_id=1 & ce_source=/s                                                    | {"character_id":"c"} | start 1
            ce_id=1 & ce_type=com.example.call                                        | {"character_id":"c"} | start 1
            # the bindings to HTTP and AMQP have other names: an end must not be taken for a start
            ce-type=dev.serai.conversation.end.v1 & ce-id=1                           | {"character_id":"c"} | header ce-type: is of a CloudEvent over HTTP, expected ce_type and the other attributes likewise
            ce-type=dev.serai.conversation.start.v1 & content-type=application/json   | {"character_id":"c"} | header ce-type: is of a CloudEvent over HTTP
            CE-Type=dev.serai.conversation.end.v1                                     | {"character_id":"c"} | header CE-Type: is of a CloudEvent over HTTP
            cloudEvents:type=dev.serai.conversation.end.v1                            | {"character_id":"c"} | header cloudEvents:type: is of a CloudEvent over AMQP
            cloudEvents_type=dev.serai.conversation.end.v1                            | {"character_id":"c"} | header cloudEvents_type: is of a CloudEvent over AMQP
            ce-type=com.example.call & ce-specversion=1.0                             | {"character_id":"c"} | start conversation.start-3-41
            FOUR & ce-type=dev.serai.conversation.end.v1                              | {"character_id":"c"} | start /s 1
            ce-type=dev.serai.conversation.end.v1                                     | EVENT | start /s 1
            FOUR & ce_specversion=null                                                | {"character_id":"c"} | header ce_specversion: is required
            FOUR & ce_source=null                                                     | {"character_id":"c"} | header ce_source: is required
            FOUR & ce_source=                                                         | {"character_id":"c"} | header ce_source: is required
            FOUR & ce_id=null                                                         | {"character_id":"c"} | header ce_id: is required
            FOUR & ce_type=null                                                       | {"character_id":"c"} | header ce_type: is required
            FOUR & ce_specversion=0.3                                                 | {"character_id":"c"} | header ce_specversion: expected 1.0
            FOUR & ce_type=com.example.call                                           | {"character_id":"c"} | header ce_type: com.example.call is unknown, expected dev.serai.conversation.start.v1 or dev.serai.conversation.end.v1
            FOUR & ce_type=a b                                                        | {"character_id":"c"} | header ce_type: is unknown, expected
            FOUR & ce_time=2026-01-31 10:00                                           | {"character_id":"c"} | header ce_time: expected an RFC 3339
            # the type says what the event does
            FOUR & ce_type=dev.serai.conversation.end.v1                              | {}   | end /s 1
            FOUR & ce_type=dev.serai.conversation.end.v1                              | {"action":null,"reason":"r"} | end /s 1
            FOUR & ce_type=dev.serai.conversation.end.v1                              | {"action":"end"} | end /s 1
            FOUR & ce_type=dev.serai.conversation.end.v1                              | {"action":"start"} | /action: "start" contradicts the CloudEvent's type, dev.serai.conversation.end.v1
            FOUR                                                                      | {"action":"start","character_id":"c"} | start /s 1
            FOUR                                                                      | {"action":"end","character_id":"c"} | /action: "end" contradicts the CloudEvent's type, dev.serai.conversation.start.v1
            """)
    void headers_areReadLeniently(@Nullable String headers, @Nullable String value, String outcome) {
        String json = value == null ? null : value.replace("EVENT", structured("\"data\":{\"character_id\":\"c\"}"));

        assertOutcome(original(json, headers(headers)), outcome);
    }

    /** Single quotes stand for double ones; what is there stands before the data. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'data':{'character_id':'c'}                                         | start /s 1
            'confluentRouting':{'route':[1,{}]},'data':{'character_id':'c'}     | start /s 1
            'traceparent':{'a':1},'ext':null,'n':7,'data':{'character_id':'c'}  | start /s 1
            'subject':null,'time':null,'data_base64':null,'data':{'character_id':'c'} | start /s 1
            'datacontenttype':'Application/JSON; charset=UTF-8','data':{'character_id':'c'} | start /s 1
            'data':null,'data_base64':'eyJjaGFyYWN0ZXJfaWQiOiJjIn0='            | start /s 1
            'data':{'event_id':'own','character_id':'c','a':'}{'}               | start own
            'data' : {'character_id' : 'c' } ,'after':1                         | start /s 1
            'data':{'character_id':'c','character_id':'d'}                      | in /data: the event is not valid JSON
            'data':{'ttl_ms':0}                                                 | in /data: /ttl_ms
            'data_base64':'e30='                                                | in /data_base64: no field of a start event
            'data_base64':'bnVsbA=='                                            | in /data_base64: the event is null
            'data_base64':'***'                                                 | /data_base64: is not valid base64
            'data_base64':7                                                     | /data_base64: expected a text in base64
            'data':{},'data_base64':'e30='                                      | /data_base64: expected at most one
            'data':{},'data':{}                                                 | /data: is there twice
            'data':'{}'                                                         | /data: expected an object
            'data':[{}]                                                         | /data: expected an object
            'x':1                                                               | /data: is required
            'id':'2','data':{}                                                  | /id: is there twice
            'time':7,'data':{}                                                  | /time: expected a text
            'time':'yesterday','data':{}                                        | /time: expected an RFC 3339
            'datacontenttype':'text/xml','data':{}                              | /datacontenttype: the data of an event is JSON
            'time':'\\ud83d','data':{}                                          | /time: is not valid Unicode
            """)
    void structuredEvents_areReadLeniently(String fields, String outcome) {
        assertOutcome(
                original(
                        structured(fields.replace('\'', '"')),
                        List.of(header("content-type", "application/cloudevents+json"))),
                outcome);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'id':'1','source':'/s','type':'dev.serai.conversation.start.v1','data':{}}                      | /specversion: is required
            {'specversion':'1.0','source':'/s','type':'dev.serai.conversation.start.v1','data':{}}           | /id: is required
            {'specversion':'1.0','id':7,'source':'/s','type':'dev.serai.conversation.start.v1','data':{}}    | /id: expected a text
            {'specversion':'1.0','id':'','source':'/s','type':'dev.serai.conversation.start.v1','data':{}}   | /id: is required
            {'specversion':1.0,'id':'1','source':'/s','type':'dev.serai.conversation.start.v1','data':{}}    | /specversion: expected a text
            {'specversion':'1.0','id':'1','source':'/s','type':'t','data':{}}                                | /type: t is unknown
            """)
    void attributesThatMustBeThere_areNamedByTheirPath(String json, String outcome) {
        assertOutcome(
                original(json.replace('\'', '"'), List.of(header("content-type", "application/cloudevents+json"))),
                outcome);
    }

    @Test
    void sourceAndIdTogether_nameAnEvent() {
        assertThat(eventId("/a", "1")).isEqualTo("/a 1").isNotEqualTo(eventId("/b", "1"));
        assertThat(eventId("/a 1", "1")).isEqualTo("/a%201 1").isNotEqualTo(eventId("/a", "1 1"));
        String wide = "\uD83D\uDE00".repeat(509);
        assertThat(eventId("/a", wide))
                .as("512 characters, as the schema counts")
                .isEqualTo("/a " + wide);
        assertThat(eventId("/" + "a".repeat(600), "1"))
                .startsWith("sha256:")
                .hasSize(71)
                .isNotEqualTo(eventId("/" + "a".repeat(600), "2"))
                .isEqualTo(eventId("/" + "a".repeat(600), "1"));
    }

    private static String eventId(String source, String id) {
        return Decoding.accepted(
                        original("{\"character_id\":\"c\"}", headers("FOUR & ce_source=" + source + " & ce_id=" + id)))
                .eventId();
    }

    /** What is refused says which event it was, as far as that can be read, so that its publisher has its answer. */
    @Test
    void refusedEvents_areNamedAllTheSame() {
        assertThat(refused("{", "FOUR").eventId()).isEqualTo("/s 1");
        assertThat(refused("{}", "FOUR & ce_type=t").eventId()).isEqualTo("/s 1");
        assertThat(refused("{\"event_id\":\"own\",\"character_id\":7}", "FOUR").eventId())
                .isEqualTo("own");
        assertThat(refused(structured("\"data\":{\"event_id\":\"own\",\"ttl_ms\":"), "")
                        .eventId())
                .isEqualTo("own");
        assertThat(refused("x".repeat(Decoding.MAX_BYTES + 1), "FOUR").eventId())
                .isEqualTo("/s 1");
        assertThat(refused(structured("\"data\":{\"text\":\"" + "x".repeat(Decoding.MAX_BYTES) + "\"}"), "")
                        .eventId())
                .isEqualTo("/s 1");
        assertThat(refused("{}", "FOUR & ce_source=null").eventId()).isEqualTo("1");
    }

    private static Refused refused(String value, String headers) {
        return Decoding.refused(original(value, headers(headers)));
    }

    @Test
    void time_isWhenTheEventWasPublished_andThatIsNotAheadOfTheClock() {
        Instant record = SampleRecords.TIMESTAMP;

        assertThat(expiresAt("2026-01-31T09:59:30.123456789+00:00"))
                .isEqualTo(Instant.parse("2026-01-31T09:59:30.123456789Z").plus(Decoding.TTL));
        assertThat(expiresAt("2026-01-31t12:00:00z"))
                .isEqualTo(record.plus(Decoding.MAX_CLOCK_SKEW).plus(Decoding.TTL));
        assertThat(expiresAt("2026-01-31T09:00:00+01:00"))
                .isEqualTo(Instant.parse("2026-01-31T08:00:00Z").plus(Decoding.TTL));
    }

    private static Instant expiresAt(String time) {
        OriginalRecord binary = original("{\"character_id\":\"c\"}", headers("FOUR & ce_time=" + time));
        OriginalRecord structured =
                original(structured("\"data\":{\"character_id\":\"c\"},\"time\":\"" + time + "\""), List.of());
        Instant decoded = Decoding.accepted(binary).expiresAt();
        assertThat(Decoding.accepted(structured).expiresAt()).isEqualTo(decoded);
        assertThat(Decoding.preview(PREVIEWS, binary).deadline()).isEqualTo(decoded);
        assertThat(Decoding.preview(PREVIEWS, structured).deadline()).isEqualTo(decoded);
        return decoded;
    }

    /** By whatever a registry's serializer puts before it, and by what it is in another format. */
    @ParameterizedTest
    @CsvSource({"5, true", "9, true", "5, false", "9, false"})
    void structuredEventBehindARegistrysFrame_isTaken(int length, boolean isNamed) {
        byte[] event = SampleRecords.utf8(structured("\"data\":{\"character_id\":\"c\"}"));

        assertOutcome(
                SampleRecords.original(
                        framed(length, event),
                        isNamed
                                ? new RecordHeader[] {header("content-type", "application/cloudevents+json")}
                                : new RecordHeader[0]),
                "start /s 1");
    }

    @Test
    void structuredEventInAvro_isRefusedByItsFormat() {
        assertOutcome(
                SampleRecords.original(
                        framed(5, new byte[] {2, 'f', 2, 'c'}), header("content-type", "application/cloudevents+json")),
                "the event is in schema-registry wire format, not JSON: ");
    }

    private static byte[] framed(int length, byte[] value) {
        byte[] framed = new byte[length + value.length];
        framed[length - 1] = 7;
        System.arraycopy(value, 0, framed, length, value.length);
        return framed;
    }

    /** What such bytes become as text, others become, too: two events would have one name. */
    @Test
    void idInAHeaderThatIsNoUtf8_namesNothing() {
        OriginalRecord original = SampleRecords.original(
                SampleRecords.utf8("{\"character_id\":\"c\"}"), new RecordHeader("ce_id", new byte[] {(byte) 0xff}));

        assertOutcome(original, "start conversation.start-3-41");
        assertThat(StartEventDecoder.eventId(original)).isEqualTo("conversation.start-3-41");
    }

    /** Nobody's event is so long: it is refused, and what it costs to say so has a bound. */
    @Test
    void structuredEventThatIsVeryLong_isLookedAtInPart() {
        String attribute = ",\"x\":\"" + "a".repeat(1 << 10) + "\"";
        OriginalRecord original = original(
                structured("\"data\":{\"event_id\":\"own\"}" + attribute.repeat(40 << 10)),
                List.of(header("content-type", "application/cloudevents+json")));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        Refused refused = Decoding.refused(original);

        assertThat(refused.reason()).contains("serai.conversation.max-event-bytes");
        assertThat(refused.eventId()).isEqualTo("own");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(130L << 20);
    }

    /** On the consumer's thread as much is looked at as of other events; what stands behind that has no say. */
    @Test
    void previews_seeOnlyTheBeginning() {
        String text = "\"" + "a".repeat(100_000) + "\"";
        String attributes = "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"" + END + "\"";
        List<RecordHeader> structured = List.of(header("content-type", "application/cloudevents+json"));

        assertThat(Decoding.preview(
                                PREVIEWS, original("{" + attributes + ",\"data\":{\"text\":" + text + "}}", structured))
                        .ends())
                .isTrue();
        assertThat(Decoding.preview(
                                PREVIEWS, original("{\"data\":{\"text\":" + text + "}," + attributes + "}", structured))
                        .ends())
                .isFalse();
        EventPreview preview = Decoding.preview(
                PREVIEWS,
                original(
                        structured("\"data\":{\"tenant\":\"acme\",\"ttl_ms\":1000,\"text\":" + text + "}"),
                        structured));
        assertThat(preview)
                .isEqualTo(new EventPreview(
                        "acme", SampleRecords.TIMESTAMP.plus(Duration.ofSeconds(1)), null, Priority.LIVE, false));
    }

    /** It is one string of an event, and weighs as what is in it. */
    @Test
    void dataInBase64_isWhatIsWeighed() {
        String base64 = Base64.getEncoder().encodeToString("[[[[]]]]".getBytes(StandardCharsets.UTF_8));

        assertThat(StartEventDecoder.content(original(structured("\"data_base64\":\"" + base64 + "\""), List.of())))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("[[[[]]]]");
    }

    private static void assertOutcome(OriginalRecord original, String outcome) {
        EventPreview preview = Decoding.preview(PREVIEWS, original);
        switch (Decoding.check(Decoding.decode(original))) {
            case Accepted accepted -> {
                assertThat("start " + accepted.event().eventId()).isEqualTo(outcome);
                assertThat(preview)
                        .isEqualTo(new EventPreview(
                                accepted.event().tenant(),
                                accepted.event().expiresAt(),
                                accepted.event().characterId(),
                                accepted.event().priority(),
                                false));
            }
            case End end -> {
                assertThat("end " + end.event().eventId()).isEqualTo(outcome);
                assertThat(preview.ends()).isTrue();
            }
            case Refused refused -> assertThat(refused.reason()).startsWith(outcome);
        }
    }

    private static String structured(String fields) {
        return "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"" + START + "\"," + fields + "}";
    }

    private static OriginalRecord original(@Nullable String value, List<RecordHeader> headers) {
        return SampleRecords.original(
                value == null ? null : SampleRecords.utf8(value), headers.toArray(RecordHeader[]::new));
    }

    private static RecordHeader header(String name, String value) {
        return SampleRecords.header(name, value);
    }

    private static List<RecordHeader> headers(@Nullable String joined) {
        List<RecordHeader> headers = new ArrayList<>();
        for (String each : joined == null ? new String[0] : joined.split(" & ")) {
            String[] parts = each.split("=", 2);
            if (each.equals("FOUR")) {
                headers.addAll(List.of(
                        header("ce_specversion", "1.0"),
                        header("ce_id", "1"),
                        header("ce_source", "/s"),
                        header("ce_type", START)));
            } else if (parts.length == 2) {
                headers.add(parts[1].equals("null") ? new RecordHeader(parts[0], null) : header(parts[0], parts[1]));
            }
        }
        return headers;
    }
}
