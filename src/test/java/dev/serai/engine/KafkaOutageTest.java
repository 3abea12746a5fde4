package dev.serai.engine;

import static dev.serai.testing.Incoming.header;
import static dev.serai.testing.Incoming.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.conversation.ConversationFailure;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.Pages;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.trial.broker.EmbeddedBroker;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.WireSchemas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens while Kafka is away, and to what is too large for it, on a broker that the test stops and starts. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class KafkaOutageTest {
    private static final int LARGEST_REPLY = 1 << 20;

    private static Path data;
    private static EmbeddedBroker broker;
    private static RunningSerai serai;
    private static boolean isAway;

    @BeforeAll
    static void start() throws Exception {
        data = Files.createTempDirectory(Path.of("target"), "broker");
        broker = EmbeddedBroker.start(data, 0);
        serai = new RunningSerai(
                broker.bootstrapServers(),
                Map.of(
                        "serai.connect.max-concurrent",
                        "1",
                        "serai.connect.response-timeout",
                        "30s",
                        "serai.connect.total-timeout",
                        "40s"),
                UnaryOperator.identity());
        serai.configureTopic(
                serai.settings().kafka().replyTopic(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "" + LARGEST_REPLY);
    }

    @AfterAll
    static void stop() {
        serai.close();
        broker.close();
    }

    /** Whatever has become of the test that stopped it. */
    @AfterEach
    void bringKafkaBack() {
        if (isAway) {
            startKafka();
        }
    }

    private static void stopKafka() {
        isAway = true;
        broker.close();
    }

    private static void startKafka() {
        broker = EmbeddedBroker.start(data, broker.port());
        isAway = false;
    }

    @Test
    void publishing_isRepeatedUntilKafkaIsBack_unchanged() {
        dev.serai.wire.RecordHeader correlation = header("correlation_id", "ticket");
        Instant longAgo = Instant.now().minusSeconds(86_400).truncatedTo(ChronoUnit.MILLIS);
        OriginalRecord started = Incoming.event(
                "key-1",
                "{'event_id':'waits','character_id':'c'}",
                header("kafka_replyTopic", serai.allowedReplyTopic()),
                correlation);
        OriginalRecord failed = Incoming.at(longAgo, utf8("key-2"), utf8("{}"), correlation);
        stopKafka();
        CompletableFuture<Exchange> reply = CompletableFuture.supplyAsync(() -> serai.converse(started));
        CompletableFuture<Exchange> letter = CompletableFuture.supplyAsync(() -> reject(failed));
        // More than one attempt's time.
        Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> !reply.isDone() && !letter.isDone());
        startKafka();

        assertThat(reply.join().getException()).isNull();
        assertThat(letter.join().getException()).isNull();
        try (TopicReader reader = serai.reader(serai.allowedReplyTopic())) {
            ConsumerRecord<byte[], byte[]> published = reader.await("reply", any -> true);
            assertThat(published.key()).isEqualTo(utf8("key-1"));
            assertThat(WireSchemas.assertReply(published.value())
                            .path("event_id")
                            .asText())
                    .isEqualTo("waits");
            assertThat(TopicReader.header(published, "correlation_id")).isEqualTo("ticket");
            assertThat(TopicReader.header(published, "serai-status")).isEqualTo("started");
            assertThat(reader.all()).hasSize(1);
        }
        assertThat(serai.repliesTo("waits")).isEmpty();
        ConsumerRecord<byte[], byte[]> deadLetter = serai.deadLettersOf(failed).getFirst();
        assertThat(Instant.ofEpochMilli(deadLetter.timestamp())).isEqualTo(longAgo);
        assertThat(deadLetter.key()).isEqualTo(utf8("key-2"));
        assertThat(deadLetter.value()).isEqualTo(utf8("{}"));
        assertThat(TopicReader.header(deadLetter, "correlation_id")).isEqualTo("ticket");
        assertThat(serai.deadLettersOf(failed)).hasSize(1);
        assertThat(serai.repliesTo(failed.position())).hasSize(1);
    }

    @Test
    void eventUnderWayWhenKafkaGoes_isAnsweredAndCommittedWhenItIsBack() {
        serai.standIn()
                .script(FaultScript.once(Fault.delay(Duration.ofMillis(800), Duration.ofMillis(800)))
                        .forCharacter("under-way"));
        RecordMetadata position =
                serai.publish("key-3", "{\"event_id\":\"under-way\",\"character_id\":\"under-way\",\"ttl_ms\":60000}");
        Awaitility.await().until(() -> !serai.connectCalls("under-way").isEmpty());

        stopKafka();
        startKafka();

        assertThat(serai.replyTo("under-way").path("status").asText()).isEqualTo("started");
        serai.publish("key-3", "{\"event_id\":\"afterwards\",\"character_id\":\"c\"}");
        serai.replyTo("afterwards");
        serai.awaitCommitted(position);
    }

    @Test
    void whileKafkaIsAway_noCallIsBegun_andHealthIsDown_andWorkGoesOnByItself() throws Exception {
        serai.standIn()
                .script(FaultScript.once(Fault.delay(Duration.ofSeconds(15), Duration.ofSeconds(15)))
                        .forCharacter("begun-before"));
        serai.publish("key-5", "{\"event_id\":\"begun\",\"character_id\":\"begun-before\"}");
        Awaitility.await().until(() -> !serai.connectCalls("begun-before").isEmpty());
        // In hand, and waiting for its turn with the provider.
        serai.publish("key-6", "{\"event_id\":\"in-hand\",\"character_id\":\"in-hand\"}");
        serai.publish("key-7", "{\"event_id\":\"late\",\"character_id\":\"late\",\"ttl_ms\":5000}");
        Awaitility.await().until(() -> metric("serai_events_held") == 3);

        stopKafka();
        Awaitility.await().until(() -> status() == 503);
        // Until the call that was under way is back, and the one that waits would have its turn.
        Awaitility.await()
                .until(() ->
                        metric("serai_connect_calls_seconds_count{outcome=\"connected\",tenant=\"default\"}") >= 1);
        Awaitility.await()
                .during(Duration.ofSeconds(3))
                .until(() -> serai.connectCalls("in-hand").isEmpty() && status() == 503);
        startKafka();

        assertThat(serai.replyTo("begun").path("status").asText()).isEqualTo("started");
        assertThat(serai.replyTo("in-hand").path("status").asText()).isEqualTo("started");
        assertThat(serai.replyTo("late").path("error").path("category").asText())
                .isEqualTo("expired");
        assertThat(serai.connectCalls("late")).isEmpty();
        Awaitility.await().until(() -> status() == 200);
    }

    private static int status() {
        return serai.page("/health").statusCode();
    }

    private static double metric(String name) {
        return Pages.metric(serai.scrape(), name).orElse(0);
    }

    @Test
    void replyLargerThanItsTopicTakes_isAFailureInstead() {
        OriginalRecord event = Incoming.event("key-1", "{'event_id':'large','character_id':'large'}");
        serai.standIn().script(FaultScript.once(largeAnswer()).forCharacter("large"));

        Exchange done = serai.converse(event);

        assertThat(done.getException()).isNull();
        List<JsonNode> replies = serai.repliesTo("large");
        assertThat(replies).hasSize(1);
        WireSchemas.assertReply(replies.getFirst());
        assertThat(replies.getFirst().path("error").path("category").asText()).isEqualTo("protocol_error");
        assertThat(replies.getFirst().path("possible_duplicate_session").asBoolean())
                .isTrue();
        assertThat(serai.deadLettersOf(event)).hasSize(1);
        assertThat(TopicReader.header(serai.deadLettersOf(event).getFirst(), "serai-error-category"))
                .isEqualTo("protocol_error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"event_id\":\"never-fits\",\"character_id\":\"c\"}",
                "{\"event_id\":\"never-fits\",\"ttl_ms\":0}"
            })
    void replyThatNeverFits_leavesADeadLetterOnly_andTheNextEventIsAnswered(String event) {
        byte[] huge = new byte[1_500_000];
        RecordMetadata position = serai.publish(utf8("key-4"), utf8(event), new RecordHeader("correlation_id", huge));
        RecordMetadata next = serai.publish("key-4", "{\"event_id\":\"fits\",\"character_id\":\"c\"}");

        serai.deadLetterOf(position);
        serai.replyTo("fits");

        serai.awaitCommitted(next);
        assertThat(serai.repliesTo("never-fits")).isEmpty();
        assertThat(serai.deadLettersOf(position)).hasSize(1);
    }

    private static Fault largeAnswer() {
        List<String> fields = new ArrayList<>(List.of(
                "\"session_id\":\"s\"",
                "\"character_session_id\":\"cs\"",
                "\"room_url\":\"wss://rooms.example\"",
                "\"room_name\":\"r\"",
                "\"token\":\"t\"",
                "\"speaker_id\":null"));
        // Below what is read of an answer; with the reply's own fields above what the topic takes.
        fields.add("\"padding\":\"" + "x".repeat(LARGEST_REPLY - 200) + "\"");
        return Fault.rawStatus(200, "{" + String.join(",", fields) + "}");
    }

    private static Exchange reject(OriginalRecord event) {
        return serai.send(
                "direct:reject",
                event,
                exchange -> exchange.setProperty(
                        Exchange.EXCEPTION_CAUGHT,
                        new ConversationFailure(Failure.of(ErrorCategory.EXPIRED, "too late"))));
    }
}
