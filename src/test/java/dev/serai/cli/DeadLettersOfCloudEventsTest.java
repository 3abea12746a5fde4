package dev.serai.cli;

import static dev.serai.cli.LetterTopic.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.operate.letters.ReadRecord;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import dev.serai.wire.event.Decoded;
import dev.serai.wire.event.SampleRules;
import dev.serai.wire.event.StartEventDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dead letters whose events are in something: CloudEvents of either mode, and values in a schema registry's frame. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@LeftToCi
class DeadLettersOfCloudEventsTest {
    private static final StartEventDecoder DECODER = new StartEventDecoder(
            new StartEventDecoder.Rules(
                    "character", SampleRules.deadlines(), 100_000, Set.of(), Set.of("default", "acme")),
            SampleRules.replyTopics("replies"));
    private static final String START = "dev.serai.conversation.start.v1";
    private static final String END = "dev.serai.conversation.end.v1";

    private final Instant now = Instant.now();
    private final String yesterday = now.minus(Duration.ofDays(1)).toString();

    @AutoClose
    private LetterTopic topic;

    @BeforeEach
    void createTopics() throws Exception {
        topic = new LetterTopic();
    }

    private void letter(String value, RecordHeader... own) throws Exception {
        topic.letter(ErrorCategory.PROVIDER_UNAVAILABLE, "it answers 503", now, "caller-1", value, own);
    }

    private ObjectNode structured(String type) {
        return Json.MAPPER
                .createObjectNode()
                .put("specversion", "1.0")
                .put("id", "4711")
                .put("source", "/contact-centre")
                .put("type", type)
                .put("time", yesterday);
    }

    private String structured(String type, String data) throws Exception {
        ObjectNode event = structured(type);
        event.set("data", Json.MAPPER.readTree(data));
        return event.toString();
    }

    private String base64(String data) {
        return structured(START)
                .put("data_base64", Base64.getEncoder().encodeToString(data.getBytes(UTF_8)))
                .toString();
    }

    private RecordHeader[] binary(String type) {
        return new RecordHeader[] {
            header("ce_specversion", "1.0"),
            header("ce_id", "4711"),
            header("ce_source", "/contact-centre"),
            header("ce_type", type),
            header("ce_time", yesterday)
        };
    }

    private List<OriginalRecord> replayed(String... options) {
        int code = topic.execute(
                Stream.concat(Stream.of("replay", "--yes", "--reason", "outage of the 26th"), Stream.of(options))
                        .toArray(String[]::new));
        assertThat(code).as(topic.commands.err()).isEqualTo(ExitCode.OK);
        return topic.started().stream().map(ReadRecord::original).toList();
    }

    /** How long the service has for it, from when it was published again. */
    private static Duration timeOf(OriginalRecord event) {
        Decoded decoded = DECODER.decode(event, Instant.now());
        assertThat(decoded).isInstanceOf(Decoded.Accepted.class);
        Decoded.Accepted accepted = (Decoded.Accepted) decoded;
        return Duration.between(event.timestamp(), accepted.event().expiresAt());
    }

    /** As with an extension that is there twice, which the service passes over: none of the others waits for it. */
    @Test
    void eventWhoseEnvelopeCannotBeWrittenAnew_isPublishedAsItWas_andTheOthersToo() throws Exception {
        String twice = structured(START, "{\"ttl_ms\":30000}").replaceFirst("\\{", "{\"more\":1,\"more\":2,");
        letter(twice);
        letter(structured(START, "{\"ttl_ms\":30000}"));

        List<OriginalRecord> events = replayed("--deadline", "10m");

        assertThat(new String(events.getFirst().value(), UTF_8)).isEqualTo(twice);
        assertThat(timeOf(events.getLast())).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void eventsWithoutAnEndOfTheirOwn_haveTheirTimeAnew_whateverTheirTimeIs() throws Exception {
        letter(structured(START, "{\"ttl_ms\":30000,\"n\":1.50}"));
        letter(base64("{\"character_id\":\"c\"}"));
        letter("{\"ttl_ms\":30000,\"n\":1.50}", binary(START));

        List<OriginalRecord> events = replayed();

        assertThat(events)
                .extracting(DeadLettersOfCloudEventsTest::timeOf)
                .containsExactly(Duration.ofSeconds(30), SampleRules.deadlines().ttl(), Duration.ofSeconds(30));
        assertThat(events).extracting(StartEventDecoder::eventId).containsOnly("/contact-centre 4711");
        assertThat(new String(events.getFirst().value(), UTF_8)).endsWith("\"data\":{\"ttl_ms\":30000,\"n\":1.50}}");
        assertThat(new String(events.getLast().value(), UTF_8)).isEqualTo("{\"ttl_ms\":30000,\"n\":1.50}");
        assertThat(events.getLast().headers())
                .extracting(RecordHeader::name)
                .containsExactly("ce_specversion", "ce_id", "ce_source", "ce_type", "serai-replays");
    }

    @Test
    void deadline_isGivenToTheEventInIt_andCountsFromThen() throws Exception {
        String expired = "{\"expires_at\":\"" + yesterday + "\"}";
        letter(structured(START, expired));
        letter(base64(expired));
        letter(expired, binary(START));
        letter("\0\0\0\0\7" + expired);

        List<OriginalRecord> events = replayed("--deadline", "10m");

        assertThat(events)
                .hasSize(4)
                .extracting(DeadLettersOfCloudEventsTest::timeOf)
                .containsOnly(Duration.ofMinutes(10));
        assertThat(new String(events.getLast().value(), UTF_8)).isEqualTo("\0\0\0\0\7{\"ttl_ms\":600000}");
        assertThat(topic.commands.out()).doesNotContain("keep their deadlines");
    }

    @Test
    void whatHasNoDeadlineOfItsOwn_isAsItWas() throws Exception {
        String later = now.plus(Duration.ofDays(1)).toString();
        String end = structured(END, "{}");
        String expiring = structured(START, "{\"expires_at\":\"" + later + "\"}");
        letter(end);
        letter("{}", binary(END));
        letter(expiring);

        List<OriginalRecord> events = replayed();

        assertThat(events).extracting(event -> new String(event.value(), UTF_8)).containsExactly(end, "{}", expiring);
        assertThat(events.get(1).header("ce_time")).isPresent();

        letter(end);
        letter("{}", binary(END));
        assertThat(replayed("--deadline", "10m").subList(3, 5))
                .extracting(event -> new String(event.value(), UTF_8))
                .containsExactly(end, "{}");
        assertThat(topic.commands.out()).contains("2  of these keep their deadlines");
    }

    @Test
    void expiresAtOfAnEventInIt_isSeen() throws Exception {
        String expired = "{\"expires_at\":\"" + yesterday + "\"}";
        letter(base64(expired));
        letter("\0\0\0\0\7" + expired);

        assertThat(replayed()).isEmpty();
        assertThat(topic.commands.out()).contains("2  the event's expires_at has passed");
    }

    @Test
    void tenant_isThatOfTheEventInIt() throws Exception {
        letter(structured(START, "{\"event_id\":\"a\",\"tenant\":\"acme\"}"));
        letter(base64("{\"event_id\":\"b\",\"tenant\":\"acme\"}"));
        letter("\0\0\0\0\7{\"event_id\":\"c\",\"tenant\":\"acme\"}");
        letter(structured(START, "{\"event_id\":\"d\"}"));

        assertThat(topic.execute("export", "--tenant", "acme")).isEqualTo(ExitCode.OK);
        assertThat(topic.commands.out().lines().map(DeadLettersOfCloudEventsTest::eventIdAndTenant))
                .containsExactly("a acme", "b acme", "c acme");
        assertThat(replayed("--tenant", "default"))
                .extracting(StartEventDecoder::eventId)
                .containsExactly("d");
    }

    private static String eventIdAndTenant(String line) {
        try {
            JsonNode letter = Json.MAPPER.readTree(line);
            return letter.path("event_id").textValue() + " "
                    + letter.path("tenant").textValue();
        } catch (Exception e) {
            throw new AssertionError(line, e);
        }
    }
}
