package dev.serai.routes;

import static dev.serai.testing.RawEvents.ids;
import static dev.serai.testing.RunningSerai.json;
import static dev.serai.testing.TopicReader.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.RawEvents;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of one raw event: none, one or many events, all of them or none. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MappedIntakeTurnRouteTest {
    private static final String RAW = RawEvents.topic();

    /** Of the start topic, in bytes. */
    private static final int LARGEST_EVENT = 2_000;

    private static RunningSerai serai;
    private static TopicReader starts;

    /** A step of a user's, which fails for the last event of a record that says so. */
    public static final class FailsForOne implements Processor {
        @Override
        public void process(Exchange exchange) {
            String event = new String(exchange.getMessage().getBody(byte[].class), StandardCharsets.UTF_8);
            if (event.contains("fail-2")) {
                throw new IllegalStateException("a defect of a step that quotes a secret");
            }
        }
    }

    @BeforeAll
    static void start() {
        Map<String, String> settings = new HashMap<>(RawEvents.intake("phone", RAW));
        settings.put(
                "serai.routes-dir",
                RouteFiles.copyWith(Map.of(
                                "mapped-intake-turn",
                                RouteFiles.withStep("start-topic-of-mapped-events", FailsForOne.class)))
                        .toString());
        serai = new RunningSerai(settings);
        serai.configureTopic(
                serai.settings().kafka().startTopic(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "" + LARGEST_EVENT);
        starts = serai.reader(serai.settings().kafka().startTopic());
    }

    @AfterAll
    static void stop() {
        starts.close();
        serai.close();
    }

    private static void awaitCommitted(RecordMetadata raw) {
        serai.awaitCommitted(serai.settings().kafka().groupId() + ".intake.phone", raw);
    }

    @Test
    void manyEvents_areMadeOfOneRecord() {
        RawEvents.publish(serai, RAW, "k", "{'type':'many','calls':['m-1','m-2','m-3']}");

        assertThat(ids(starts.awaitCount("m", record -> key(record).startsWith("m-"), 3)))
                .containsExactlyInAnyOrder("m-1-called", "m-2-called", "m-3-called");
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsIgnored_isCommitted_andCountedByItsReason() {
        RecordMetadata raw = RawEvents.publish(serai, RAW, null, "{'type':'agent-logged-in'}");

        awaitCommitted(raw);

        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(serai.scrape())
                .contains("serai_intake_ignored_total{intake=\"phone\",reason=\"agent-logged-in\"} 1.0")
                .containsPattern("serai_intake_records_total\\{intake=\"phone\",result=\"ignored\"} [1-9]"));
        assertThat(serai.deadLettersOf(raw)).isEmpty();
    }

    @Test
    void stepThatFails_makesADeadLetter_andNoneOfTheRecordsEventsIsPublished() {
        RecordMetadata raw = RawEvents.publish(serai, RAW, "k", "{'type':'many','calls':['fail-1','fail-2']}");
        RecordMetadata next = RawEvents.publish(serai, RAW, "k", "{'type':'called','call':'after-failure'}");

        ConsumerRecord<byte[], byte[]> letter = serai.deadLetterOf(raw);
        awaitCommitted(next);

        assertThat(header(letter, "serai-error-category")).isEqualTo("internal_error");
        assertThat(header(letter, "serai-error-detail"))
                .contains("added-by-the-test-before-start-topic-of-mapped-events")
                .doesNotContain("secret");
        assertThat(ids(starts.all())).contains("after-failure-called").noneMatch(id -> id.startsWith("fail-"));
    }

    @Test
    void eventThatIsTooLargeForTheStartTopic_makesItsRecordADeadLetter() {
        RecordMetadata raw = RawEvents.publish(
                serai, RAW, "k", "{'type':'many','calls':['large'],'padding':'" + "x".repeat(2 * LARGEST_EVENT) + "'}");

        ConsumerRecord<byte[], byte[]> letter = serai.deadLetterOf(raw);

        assertThat(header(letter, "serai-error-category")).isEqualTo("invalid_event");
        assertThat(header(letter, "serai-error-detail")).contains("a record is larger than topic");
        assertThat(json(letter).path("type").asText()).isEqualTo("many");
    }

    @Test
    void deadLetterThatIsTooLargeForItsTopic_goesWithoutItsValue_andTheNextOfItsKeyGoesOn() {
        serai.configureTopic(serai.settings().kafka().deadLetterTopic(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "10000");
        try {
            RecordMetadata large =
                    RawEvents.publish(serai, RAW, "k", "{'type':'called','padding':'" + "x".repeat(20_000) + "'}");
            RecordMetadata header =
                    RawEvents.publish(serai, RAW, "k", "{'type':'called'}", new RecordHeader("h", new byte[20_000]));
            RawEvents.publish(serai, RAW, "k", "{'type':'called','call':'after-large'}");

            ConsumerRecord<byte[], byte[]> letter = serai.deadLetterOf(large);
            assertThat(letter.value()).isNull();
            assertThat(new String(letter.key(), StandardCharsets.UTF_8)).isEqualTo("k");
            assertThat(header(letter, "serai-error-detail"))
                    .startsWith("call: is missing")
                    .contains("left out here for its size", "max.message.bytes");
            assertThat(serai.deadLetterOf(header).headers())
                    .noneMatch(kept -> kept.key().equals("h"));
            starts.await("after-large", record -> key(record).equals("after-large"));
        } finally {
            serai.configureTopic(
                    serai.settings().kafka().deadLetterTopic(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "1048588");
        }
    }

    /** As of a user who has taken the step out, or put another in its place. */
    @Test
    void routeThatDoesNotMap_leavesNoRecordBehind() throws Exception {
        String topic = RawEvents.topic();
        Map<String, String> settings = new HashMap<>(RawEvents.intake("phone", topic));
        settings.put(
                "serai.routes-dir",
                RouteFiles.copyWith(Map.of(
                                "mapped-intake-turn",
                                text -> text.replace(
                                        "id: map-raw-record\n              ref: mapRawRecord\n",
                                        "id: no-mapping\n              ref: \"#class:" + DoesNothing.class.getName()
                                                + "\"\n")))
                        .toString());
        try (RunningSerai unmapped = new RunningSerai(settings)) {
            ConsumerRecord<byte[], byte[]> letter =
                    unmapped.deadLetterOf(RawEvents.publish(unmapped, topic, "k", "{'type':'called','call':'u-1'}"));

            assertThat(header(letter, "serai-error-category")).isEqualTo("internal_error");
            assertThat(header(letter, "serai-error-detail")).contains("note-mapped");
        }
    }

    public static final class DoesNothing implements Processor {
        @Override
        public void process(Exchange exchange) {
            exchange.getMessage().setBody(List.of());
        }
    }
}
