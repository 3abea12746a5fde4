package dev.serai.routes;

import static dev.serai.testing.RawEvents.ids;
import static dev.serai.testing.RunningSerai.json;
import static dev.serai.testing.TopicReader.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.service.SeraiService;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RawEvents;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From a topic of raw events to the start topic, exactly once and in the order of each key. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class MappedIntakeRouteTest {
    private static final String RAW = RawEvents.topic();
    private static final String OTHER = RawEvents.topic();

    private static RunningSerai serai;
    private static TopicReader starts;

    @BeforeAll
    static void start() {
        Map<String, String> settings = new HashMap<>(RawEvents.intake("phone", RAW));
        settings.putAll(RawEvents.intake("other-phone", OTHER));
        serai = new RunningSerai(settings);
        starts = serai.reader(serai.settings().kafka().startTopic());
    }

    @AfterAll
    static void stop() {
        starts.close();
        serai.close();
    }

    private static ConsumerRecord<byte[], byte[]> event(String id) {
        return starts.await(id, record -> json(record).path("event_id").asText().equals(id));
    }

    private static List<String> idsOf(String key) {
        return ids(starts.all().stream()
                .filter(record -> key.equals(new String(record.key(), StandardCharsets.UTF_8)))
                .toList());
    }

    @Test
    void rawEvent_becomesAStartEventOfItsConversation_whichIsAnswered() {
        RecordMetadata raw = RawEvents.publish(serai, RAW, "k", "{'type':'called','call':'call-1'}");

        ConsumerRecord<byte[], byte[]> event = event("call-1-called");
        assertThat(new String(event.key(), StandardCharsets.UTF_8)).isEqualTo("call-1");
        assertThat(event.timestamp()).isEqualTo(raw.timestamp());
        assertThat(json(event).path("character_id").asText()).isEqualTo("c");
        assertThat(serai.replyTo("call-1-called").path("status").asText()).isEqualTo("started");
    }

    @Test
    void endOfACall_becomesAnEndEvent_whichIsAnswered() {
        RawEvents.publish(serai, RAW, "k2", "{'type':'called','call':'call-2'}");
        RawEvents.publish(serai, RAW, "k2", "{'type':'ended','call':'call-2'}");

        assertThat(serai.replyTo("call-2-ended").path("status").asText()).isEqualTo("ended");
        assertThat(idsOf("call-2")).containsExactly("call-2-called", "call-2-ended");
    }

    /** What replies echo, where it came from, and nothing that would steer replies or make the event another kind. */
    @Test
    void headersOfTracing_areKept_andNoOthers_butOneThatNamesTheRawRecord() {
        RecordMetadata raw = RawEvents.publish(
                serai,
                RAW,
                "k3",
                "{'type':'called','call':'call-3'}",
                text("traceparent", "00-1"),
                text("correlation_id", "c-3"),
                text("ce_type", "com.example.call"),
                text("content-type", "application/cloudevents+json"),
                text("kafka_replyTopic", "elsewhere"),
                text("serai-status", "started"));

        assertThat(event("call-3-called").headers())
                .extracting(Header::key)
                .containsExactlyInAnyOrder("traceparent", "correlation_id", "serai-mapped-from");
        assertThat(header(event("call-3-called"), "serai-mapped-from"))
                .isEqualTo(raw.topic() + "-" + raw.partition() + "-" + raw.offset());
        assertThat(header(serai.replyRecordTo("call-3-called"), "traceparent")).isEqualTo("00-1");
    }

    private static Header text(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eventsOfOneKey_keepTheirOrder() {
        int keys = 8;
        int events = 15;
        for (int event = 0; event < events; event++) {
            for (int key = 0; key < keys; key++) {
                RawEvents.publish(
                        serai, RAW, "order-" + key, "{'type':'ended','call':'order-%d','n':%d}".formatted(key, event));
                RawEvents.publish(serai, RAW, "order-" + key, "{'type':'many','calls':['order-%d']}".formatted(key));
            }
        }
        for (int key = 0; key < keys; key++) {
            String call = "order-" + key;
            starts.awaitCount(
                    call, record -> call.equals(new String(record.key(), StandardCharsets.UTF_8)), 2 * events);

            List<String> expected = new ArrayList<>();
            IntStream.range(0, events).forEach(any -> expected.addAll(List.of(call + "-ended", call + "-called")));
            assertThat(idsOf(call)).isEqualTo(expected);
        }
    }

    @Test
    void eachIntake_hasAGroupOfItsOwn_andOneThatIsBroken_leavesOthersAlone() {
        // Of the other one only: its topic is gone.
        RawEvents.publish(serai, OTHER, "o", "{'type':'called','call':'other-1'}");
        event("other-1-called");
        serai.deleteTopic(OTHER);

        RawEvents.publish(serai, RAW, "k4", "{'type':'called','call':'call-4'}");
        serai.replyTo("call-4-called");
        serai.publish("direct", Incoming.json("{'event_id':'direct','character_id':'c'}"));
        serai.replyTo("direct");

        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(serai.health(""))
                    .contains("intake-other-phone")
                    .contains("no records of intake other-phone are read: there is no topic " + OTHER);
        });
        assertThat(serai.health("/live")).contains("\"UP\"").doesNotContain("DOWN");
        assertThat(serai.health("/ready")).startsWith("{\"status\":\"UP\"");
    }

    @Test
    void whatWasMapped_isNotMappedAgain_afterARestart() {
        RecordMetadata before = RawEvents.publish(serai, RAW, "k5", "{'type':'called','call':'call-5'}");
        event("call-5-called");
        serai.awaitCommitted(serai.settings().kafka().groupId() + ".intake.phone", before);

        serai.restart(Map.of());
        RawEvents.publish(serai, RAW, "k5", "{'type':'called','call':'call-6'}");
        event("call-6-called");

        assertThat(idsOf("call-5")).containsExactly("call-5-called");
    }

    @Test
    void twoReplicas_mapEachRecordOnce_whilePartitionsMove() throws Exception {
        int events = 300;
        List<SeraiService> replicas = new ArrayList<>();
        try {
            for (int event = 0; event < events; event++) {
                RawEvents.publish(
                        serai, RAW, "r" + event % 20, "{'type':'many','calls':['moved-%d']}".formatted(event));
                if (event % 100 == 50) {
                    replicas.add(serai.startReplica("replica-" + event));
                }
                if (event == 200) {
                    replicas.removeFirst().close();
                }
            }
            starts.awaitCount(
                    "moved", record -> new String(record.key(), StandardCharsets.UTF_8).startsWith("moved-"), events);
        } finally {
            replicas.forEach(SeraiService::close);
        }

        assertThat(starts.all().stream()
                        .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                        .filter(key -> key.startsWith("moved-")))
                .hasSize(events)
                .doesNotHaveDuplicates();
    }
}
