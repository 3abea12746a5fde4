package dev.serai.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.engine.StartEventClients;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.FailingStep;
import dev.serai.testing.LogLines;
import dev.serai.testing.Producers;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Offsets: committed after the answer, never before it, and never past an event without one. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class StartConversationRouteTest {
    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai(Map.of(
                "serai.routes-dir",
                RouteFiles.copyWith(Map.of(
                                "conversation", RouteFiles.withStep("send-reply", FailingStep.class),
                                "reject", RouteFiles.withStep("write-dead-letter", FailingStep.class)))
                        .toString()));
    }

    @Test
    void answeredEvent_isCommitted() {
        RecordMetadata position = serai.publish("answered", "{\"event_id\":\"answered\",\"character_id\":\"c\"}");

        serai.replyTo("answered");

        serai.awaitCommitted(position);
    }

    @Test
    void rejectedEvent_isCommittedWithThoseAfterIt() {
        RecordMetadata rejected = serai.publish("rejected", "no JSON");
        RecordMetadata good = serai.publish("rejected", "{\"event_id\":\"next\",\"character_id\":\"c\"}");

        serai.deadLetterOf(rejected);
        serai.replyTo("next");

        serai.awaitCommitted(good);
    }

    @Test
    void eventUnderWay_isNotCommitted() {
        serai.standIn()
                .script(FaultScript.once(Fault.delay(Duration.ofSeconds(3), Duration.ofSeconds(3)))
                        .forCharacter("slow"));
        RecordMetadata position = serai.publish("slow", "{\"event_id\":\"slow\",\"character_id\":\"slow\"}");

        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !serai.connectCalls("slow")
                .isEmpty());
        long committedUnderWay = serai.committed(position.partition());
        serai.replyTo("slow");

        assertThat(committedUnderWay).isLessThanOrEqualTo(position.offset());
        serai.awaitCommitted(position);
    }

    @Test
    void eventWithoutAnswer_staysUncommitted_andRunsAgainAfterRestart_andThoseAfterItDoNot() {
        FailingStep.failFor("stopped", () -> new IllegalStateException("also in the reject route"));
        RecordMetadata before = serai.publish("gap", "{\"event_id\":\"before\",\"character_id\":\"c\"}");
        RecordMetadata stopped = serai.publish("gap", "{\"event_id\":\"stopped\",\"character_id\":\"c\"}");
        RecordMetadata after = serai.publish("gap", "{\"event_id\":\"after\",\"character_id\":\"c\"}");

        serai.replyTo("after");
        serai.awaitCommitted(before);
        RecordMetadata last = serai.publish("gap", "{\"event_id\":\"last\",\"character_id\":\"c\"}");
        serai.replyTo("last");

        assertThat(serai.committed(last.partition())).isEqualTo(stopped.offset());
        assertThat(serai.repliesTo("stopped")).isEmpty();

        serai.restart(Map.of("serai.routes-dir", RouteFiles.shippedFolder().toString()));

        serai.replyTo("stopped");
        serai.awaitCommitted(last);
        assertThat(serai.repliesTo("before")).hasSize(1);
        assertThat(serai.repliesTo("stopped")).hasSize(1);
        assertThat(serai.repliesTo("after")).as("complete above the gap").hasSize(1);
        assertThat(after.partition()).isEqualTo(stopped.partition());
    }

    @Test
    void committedEvents_doNotRunAgainAfterRestart() {
        List<RecordMetadata> positions = IntStream.range(0, 8)
                .mapToObj(i -> serai.publish("key-" + i, "{\"event_id\":\"once-" + i + "\",\"character_id\":\"once\"}"))
                .toList();
        positions.forEach(serai::awaitCommitted);

        serai.restart(Map.of());
        for (int i = 0; i < 8; i++) {
            serai.publish("key-" + i, "{\"event_id\":\"later-" + i + "\",\"character_id\":\"once\"}");
            serai.replyTo("later-" + i);
        }

        assertThat(serai.connectCalls("once")).hasSize(16);
        for (int i = 0; i < 8; i++) {
            assertThat(serai.repliesTo("once-" + i)).hasSize(1);
        }
    }

    @Test
    void headersNamedLikeCamelsOwn_changeNothing() {
        Header[] headers = {
            header("kafka.KEY", "other-key"),
            header("KAFKA.KEY", "other-key"),
            header("kafka.TOPIC", "other-topic"),
            header("kafka.PARTITION", "99"),
            header("kafka.OFFSET", "4711"),
            header("kafka.TIMESTAMP", "1"),
            header("kafka.HEADERS", "none"),
            header("kafka.OVERRIDE_TOPIC", "other-topic"),
            header("CamelKafkaManualCommit", "no"),
            header("CamelKafkaKey", "other-key"),
            header("CamelRedeliveryDelay", "100000"),
            header("CamelFailedEndpoint", "x"),
            header("", "a header without a name"),
            new RecordHeader("nothing", (byte[]) null),
        };

        RecordMetadata position =
                serai.publish("camel-like", "{\"event_id\":\"camel-like\",\"character_id\":\"c\"}", headers);
        ConsumerRecord<byte[], byte[]> reply = serai.replyRecordTo("camel-like");

        assertThat(reply.key()).isEqualTo("camel-like".getBytes(StandardCharsets.UTF_8));
        assertThat(reply.headers()).extracting(Header::key).containsExactly("serai-status");
        serai.awaitCommitted(position);
    }

    @Test
    void eventOfAbortedTransaction_doesNotRun() throws Exception {
        String topic = serai.settings().kafka().startTopic();
        try (KafkaProducer<byte[], byte[]> producer =
                Producers.transactional(serai.bootstrapServers(), "publisher-" + topic)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(event(topic, "aborted")).get();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(event(topic, "transacted")).get();
            producer.commitTransaction();
        }

        serai.replyTo("transacted");

        assertThat(serai.repliesTo("aborted")).isEmpty();
    }

    /** A step before accept-record that ends the exchange of an event whose record says so. */
    public static final class EndsTooEarly implements Processor {
        @Override
        public void process(Exchange exchange) {
            String event = new String(exchange.getMessage().getBody(byte[].class), StandardCharsets.UTF_8);
            if (event.contains("\"filter\"")) {
                exchange.setRouteStop(true);
            }
            if (event.contains("\"throw\"")) {
                throw new IllegalStateException("a step before accept-record");
            }
            if (event.contains("\"error\"")) {
                throw new StackOverflowError("a step before accept-record");
            }
            if (event.contains("\"strip\"")) {
                exchange.getMessage().removeHeaders("*");
            }
        }
    }

    @Test
    void eventThatEndsBeforeAcceptRecord_isNamed_countsAsUnanswered_andHoldsNoRoom() {
        String ends = RouteFiles.copyWith(
                        Map.of("start-conversation", RouteFiles.withStep("accept-record", EndsTooEarly.class)))
                .toString();
        try (var early = new RunningSerai(Map.of("serai.routes-dir", ends, "serai.kafka.max-in-flight", "2"));
                LogLines log = new LogLines(StartEventClients.class)) {
            List<RecordMetadata> lost = Stream.of("filter", "throw", "error", "strip")
                    .map(how -> early.publish("early", "{\"event_id\":\"" + how + "\",\"character_id\":\"c\"}"))
                    .toList();
            RecordMetadata after = early.publish("early", "{\"event_id\":\"after\",\"character_id\":\"c\"}");

            early.replyTo("after");

            for (RecordMetadata each : lost) {
                assertThat(log.with("ERROR"))
                        .filteredOn(line -> line.contains("offset " + each.offset() + " of " + each.topic() + "-"
                                + each.partition() + ": its exchange ended before accept-record"))
                        .hasSize(1);
            }
            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(metric(early, "serai.events.unanswered")).isEqualTo(4);
                assertThat(metric(early, "serai.events.held")).isZero();
            });
            assertThat(early.committed(after.partition()))
                    .isLessThanOrEqualTo(lost.getFirst().offset());

            early.restart(Map.of("serai.routes-dir", RouteFiles.shippedFolder().toString()));

            lost.forEach(each -> early.awaitCommitted(each));
            assertThat(early.repliesTo("filter")).hasSize(1);
            assertThat(early.repliesTo("after")).hasSize(1);
        }
    }

    private static double metric(RunningSerai running, String gauge) {
        return running.meters().get(gauge).gauge().value();
    }

    private static ProducerRecord<byte[], byte[]> event(String topic, String id) {
        return new ProducerRecord<>(
                topic,
                "transactions".getBytes(StandardCharsets.UTF_8),
                ("{\"event_id\":\"" + id + "\",\"character_id\":\"c\"}").getBytes(StandardCharsets.UTF_8));
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
