package dev.serai.routes;

import static dev.serai.testing.RunningSerai.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.LogLines;
import dev.serai.testing.RefusingStep;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example that makes start events of another topic's records. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class BridgeFromTopicRouteTest {
    private static final String SUFFIX = UUID.randomUUID().toString();
    private static final String FOREIGN = "test.calls." + SUFFIX;
    private static final String REFUSED = "\"caller-7\"";
    private static final String REJECTED = "test.rejected." + SUFFIX;

    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() throws Exception {
        SharedBroker.createTopic(FOREIGN);
        SharedBroker.createTopic(REJECTED);
        String folder = RouteFiles.copyWithExample(
                        "bridge-from-topic", text -> RouteFiles.withStep("send-to-start-topic", RefusingStep.class)
                                .apply(text)
                                .replace("redeliveryDelay: \"1000\"", "redeliveryDelay: \"1\""))
                .toString();
        serai = new RunningSerai(Map.of(
                "serai.reply.repeat",
                "false",
                "serai.routes-dir",
                folder,
                "bridge.topic",
                FOREIGN,
                "bridge.rejected-topic",
                REJECTED,
                // No call is given up and made again because the machine stands still for a second, as builds do.
                "serai.connect.response-timeout",
                "15s"));
    }

    @Test
    void record_becomesAnEventOfItsOwnTime() {
        Instant published = Instant.now().minusSeconds(30).truncatedTo(ChronoUnit.MILLIS);
        RecordMetadata position = publish(
                published,
                "{'agent':{'avatar':'a'},'caller':{'id':'caller-1'},'queue':'lobby','reason':'a \\\"lost\\\" card'}");

        JsonNode reply = serai.replyTo(id(position));
        assertThat(reply.path("status").asText()).isEqualTo("started");
        assertThat(reply.path("conversation_key").asText()).isEqualTo("caller-1");
        assertThat(reply.path("character_id").asText()).isEqualTo("a");
        assertThat(serai.connectCalls("a").getFirst().body())
                .contains("{\"text\":\"The caller says: a \\\"lost\\\" card\"}");
        assertThat(startEvent(id(position)).timestamp()).isEqualTo(published.toEpochMilli());
        assertThat(startEvent(id(position)).headers().lastHeader("kafka_replyTopic"))
                .isNull();
    }

    @Test
    void callerWhoHasLeftMeanwhile_getsNoRoom() {
        RecordMetadata position = publish(
                Instant.now().minus(Duration.ofHours(1)), "{'agent':{'avatar':'late'},'caller':{'id':'caller-2'}}");

        assertThat(serai.replyTo(id(position)).at("/error/category").asText()).isEqualTo("expired");
        assertThat(serai.connectCalls("late")).isEmpty();
    }

    @Test
    void recordThatIsNoJson_isKeptAside_andHoldsNobodyUp() {
        try (LogLines log = LogLines.ofAll()) {
            RecordMetadata wrong = publish(Instant.now(), "{'agent':");
            RecordMetadata next = publish(Instant.now(), "{'agent':{'avatar':'b'},'caller':{'id':'caller-3'}}");

            assertThat(serai.replyTo(id(next)).path("status").asText()).isEqualTo("started");
            assertThat(log.with("offset " + wrong.offset() + ", makes no start event"))
                    .singleElement()
                    .asString()
                    .contains("route bridge-from-topic (bridge-from-topic.camel.yaml), step make-start-event: "
                            + "the body is no JSON (line 1, column 10)");
        }
        try (TopicReader rejected = serai.reader(REJECTED)) {
            ConsumerRecord<byte[], byte[]> kept = rejected.await(
                    "rejected", record -> new String(record.value(), StandardCharsets.UTF_8).equals("{\"agent\":"));
            assertThat(new String(kept.key(), StandardCharsets.UTF_8)).isEqualTo("foreign-key");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"caller\":{\"id\":\"caller-4\"}} | agent.avatar", "{\"hello\":1} | caller.id"})
    void whatLacksSomething_isKeptAside_andTheLogSaysWhat(String json, String missing) {
        try (LogLines log = LogLines.ofAll()) {
            RecordMetadata wrong = publish(Instant.now(), json);
            RecordMetadata next = publish(Instant.now(), "{'agent':{'avatar':'b'},'caller':{'id':'caller-5'}}");

            assertThat(serai.replyTo(id(next)).path("status").asText()).isEqualTo("started");
            assertThat(log.with("offset " + wrong.offset() + ", makes no start event"))
                    .singleElement()
                    .asString()
                    .contains("step make-start-event: ", "it has no " + missing);
        }
        try (TopicReader rejected = serai.reader(REJECTED)) {
            rejected.await("rejected", record -> new String(record.value(), StandardCharsets.UTF_8).equals(json));
        }
    }

    @Test
    void recordThatFailsEachTime_isReadAgainAfterAPause_andTheStepIsNamed() {
        RefusingStep.refuse(REFUSED, 4 * 2);
        try (LogLines log = LogLines.ofAll()) {
            long begin = System.nanoTime();
            RecordMetadata position = publishCall("paused", "caller-7");

            assertThat(serai.replyTo(id(position)).path("status").asText()).isEqualTo("started");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(3));
            assertThat(log.with("offset " + position.offset() + ", failed in route bridge-from-topic"
                            + " (bridge-from-topic.camel.yaml), step added-by-the-test-before-send-to-start-topic:"))
                    .satisfiesExactly(
                            first -> assertThat(first)
                                    .startsWith("WARN")
                                    .contains("IllegalStateException: refused", "it is read again in 1 s"),
                            second -> assertThat(second).contains("it is read again in 2 s"));
        }
    }

    @Test
    void failureAndRestartInTheMiddle_loseNothing_andOpenNoSecondRoom() {
        // More often than the route tries by itself: the record is read again.
        RefusingStep.refuse(REFUSED, 6);
        List<RecordMetadata> positions = IntStream.range(0, 60)
                .mapToObj(n -> publishCall("m-" + n, "caller-" + n % 10))
                .toList();
        serai.replyTo(id(positions.get(3)));
        serai.restart(Map.of());

        eachOpensOneRoom("m-", positions);
        assertThat(RefusingStep.left(REFUSED)).isZero();
    }

    /** As after a kill: the bridge has published all that one poll brought, and has not committed. */
    @Test
    void pollThatIsReadAgain_opensNoSecondRoom_thoughAllIsOfOneCaller() throws Exception {
        List<RecordMetadata> positions = IntStream.range(0, 60)
                .mapToObj(n -> publishCall("k-" + n, "caller-8"))
                .toList();
        eachOpensOneRoom("k-", positions);
        String bridge = Files.readString(RouteFiles.examples().stream()
                .filter(file -> RouteFiles.name(file).equals("bridge-from-topic"))
                .findFirst()
                .orElseThrow());
        Matcher onePoll = Pattern.compile("maxPollRecords: (\\d+)").matcher(bridge);
        assertThat(onePoll.find()).isTrue();
        long behind = positions.getLast().offset() + 1;
        serai.service().close();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", serai.bootstrapServers()))) {
            admin.alterConsumerGroupOffsets(
                            serai.settings().kafka().groupId() + "-bridge",
                            Map.of(
                                    new TopicPartition(FOREIGN, 0),
                                    new OffsetAndMetadata(behind - Integer.parseInt(onePoll.group(1)))))
                    .all()
                    .get();
        }
        serai.restart(Map.of());

        serai.replyTo(id(publishCall("k-last", "caller-8")));
        eachOpensOneRoom("k-", positions);
    }

    /** A call that was given up and made again would be the provider's matter, and its reply says so. */
    private static void eachOpensOneRoom(String avatars, List<RecordMetadata> positions) {
        for (int n = 0; n < positions.size(); n++) {
            JsonNode reply = serai.replyTo(id(positions.get(n)));
            assertThat(reply.path("status").asText()).isEqualTo("started");
            assertThat(reply.path("attempts").asInt())
                    .as("attempts for %s", reply)
                    .isEqualTo(1);
        }
        for (int n = 0; n < positions.size(); n++) {
            assertThat(serai.repliesTo(id(positions.get(n)))).as(avatars + n).hasSize(1);
            assertThat(serai.connectCalls(avatars + n)).hasSize(1);
        }
    }

    private static RecordMetadata publishCall(String avatar, String caller) {
        return publish(Instant.now(), "{'agent':{'avatar':'" + avatar + "'},'caller':{'id':'" + caller + "'}}");
    }

    private static RecordMetadata publish(Instant timestamp, String value) {
        return serai.publish(new ProducerRecord<>(
                FOREIGN,
                null,
                timestamp.toEpochMilli(),
                Incoming.utf8("foreign-key"),
                Incoming.utf8(Incoming.json(value)),
                List.of(new RecordHeader("kafka_replyTopic", Incoming.utf8("somewhere-else")))));
    }

    private static String id(RecordMetadata position) {
        return FOREIGN + "-" + position.partition() + "-" + position.offset();
    }

    private static ConsumerRecord<byte[], byte[]> startEvent(String eventId) {
        try (TopicReader events = serai.reader(serai.settings().kafka().startTopic())) {
            return events.await(
                    "event", event -> json(event).path("event_id").asText().equals(eventId));
        }
    }
}
