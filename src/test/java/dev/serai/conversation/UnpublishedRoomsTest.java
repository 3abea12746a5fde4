package dev.serai.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.observe.AbandonedCalls;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.FailingStep;
import dev.serai.testing.LogLines;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.UnansweredRequests;
import dev.serai.trial.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Issue 15: every way in which a room is opened and not published, from Kafka to the provider's {@code /disconnect}. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class UnpublishedRoomsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private UnansweredRequests way;
    private EmbeddedBroker broker;
    private RoomProvider provider;
    private RunningSerai serai;

    @BeforeEach
    void start() throws Exception {
        way = new UnansweredRequests();
        broker = EmbeddedBroker.start(
                directory, 0, Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + way.port()));
        way.target(broker.port());
        provider = new RoomProvider();
        serai = new RunningSerai(
                "127.0.0.1:" + way.port(),
                RunningSerai.withoutSources(Map.of(
                        "serai.routes-dir",
                        RouteFiles.copyWithFailingStep("send-reply").toString(),
                        "serai.connect.response-timeout",
                        "15s")),
                backends -> RunningSerai.withProvider(backends, provider.uri(), RunningSerai.API_KEY));
    }

    @AfterEach
    void stop() throws Exception {
        serai.close();
        provider.close();
        broker.close();
        way.close();
    }

    @Test
    void roomThatIsNotPublished_isEnded_whateverTheReason_andOneThatIsStaysOpen() throws Exception {
        limitReplies(4_000);
        provider.delay("too-late", Duration.ofMillis(1_600));
        provider.change("too-large", room -> room.put("padding", "p".repeat(5_000)));
        provider.change("unusable", room -> {
            room.putArray("characters").addObject().put("session_id", "of-a-character-4711");
            return room.put("token", 7);
        });
        provider.change("many-characters", room -> {
            room.putArray("characters").addObject().put("session_id", "of-a-character-4712");
            return room;
        });
        FailingStep.failFor("defect", () -> new IllegalStateException("a defect of a test"));
        FailingStep.failFor("many-characters", () -> new IllegalStateException("a defect of a test"));
        FailingStep.failFor("no-answer", () -> new AssertionError("passes every error handler"));
        try (LogLines log = LogLines.ofAll()) {
            publish("published", "");
            publish("too-late", ",\"ttl_ms\":1500");
            publish("not-its-session", ",\"character_session_id\":\"foreign\"");
            for (String event : List.of("too-large", "unusable", "many-characters", "defect", "no-answer")) {
                publish(event, "");
            }

            assertThat(failure("too-late")).isEqualTo("expired");
            assertThat(failure("too-large")).isEqualTo("protocol_error");
            assertThat(failure("unusable")).isEqualTo("protocol_error");
            assertThat(failure("many-characters")).isEqualTo("internal_error");
            assertThat(failure("defect")).isEqualTo("internal_error");
            assertThat(failure("not-its-session")).isEqualTo("session_invalid");
            for (String event : List.of(
                    "too-late", "too-large", "unusable", "defect", "no-answer", "many-characters", "not-its-session")) {
                assertThat(provider.awaitSessions(event, 1)).as(event).isNotEmpty();
                provider.awaitEnded(event);
            }
            assertThat(provider.sessions("unusable")).hasSize(2);
            assertThat(provider.sessions("many-characters")).hasSize(2);
            JsonNode started = serai.replyTo("published");
            assertThat(started.path("status").asText()).isEqualTo("started");
            assertThat(provider.isEnded(started.path("session_id").asText())).isFalse();
            for (String event : List.of("too-late", "too-large", "unusable", "defect", "not-its-session")) {
                assertThat(serai.replyTo(event)
                                .path("possible_duplicate_session")
                                .asBoolean())
                        .as("its end can fail: " + event)
                        .isTrue();
            }
            // Counted when the provider's answers are read.
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(serai.scrape())
                    .contains("serai_sessions_ended_total{cause=\"not_published\",tenant=\"default\"} 7.0")
                    .contains("serai_sessions_ended_total{cause=\"unusable_answer\",tenant=\"default\"} 2.0")
                    .contains("serai_sessions_left_total{cause=\"not_published\",tenant=\"default\"} 0.0")
                    .contains("serai_disconnect_calls_seconds_count{outcome=\"over\",tenant=\"default\"} 9")
                    .contains("serai_disconnect_waiting{tenant=\"default\"} 0.0"));
            String metrics = serai.scrape();
            String deadLetters = deadLetters();
            for (String session : provider.allSessions()) {
                assertThat(log.with(session)).isEmpty();
                assertThat(metrics).doesNotContain(session);
                assertThat(deadLetters).doesNotContain(session);
            }
        }
    }

    @Test
    void roomWhoseCommitComesTooLate_isEnded() throws Exception {
        way.hold(ApiKeys.END_TXN);
        publish("in-time", "");
        await("its commit").atMost(PATIENCE).until(() -> way.held() > 0);
        publish("behind", ",\"ttl_ms\":1500");
        String session = provider.awaitSessions("behind", 1).getFirst();
        Thread deadline = Thread.ofVirtual().start(() -> await("the deadline of the one behind")
                .pollDelay(Duration.ofMillis(1_600))
                .until(() -> true));
        deadline.join();
        assertThat(provider.isEnded(session)).as("not yet").isFalse();

        way.letGo();

        assertThat(failure("behind")).isEqualTo("expired");
        provider.awaitEnded("behind");
        assertThat(serai.replyTo("in-time").path("status").asText()).isEqualTo("started");
        assertThat(provider.isEnded(provider.sessions("in-time").getFirst())).isFalse();
    }

    @Test
    void roomOfAnEventThatIsLeftToTheNextOwner_isEnded_alsoWhenCamelHasStopped() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        FailingStep.failFor("left", () -> {
            reached.countDown();
            try {
                never.await();
                return null;
            } catch (InterruptedException e) {
                return e;
            }
        });
        publish("left", "");
        assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
        String session = provider.sessions("left").getFirst();
        serai.service().camelContext().getShutdownStrategy().setTimeout(1);
        FailingStep.failFor("left", () -> null);

        serai.restart(Map.of());

        assertThat(provider.isEnded(session))
                .as("before the service has stopped")
                .isTrue();
        JsonNode reply = serai.replyTo("left");
        assertThat(reply.path("status").asText()).isEqualTo("started");
        assertThat(reply.path("session_id").asText()).isNotEqualTo(session);
        assertThat(provider.isEnded(reply.path("session_id").asText())).isFalse();
    }

    /** Somebody may be in it: the broker commits what is in the transaction, as far as this process knows. */
    @Test
    void roomThatMayBePublished_isNotEnded() throws Exception {
        way.hold(ApiKeys.END_TXN);
        publish("perhaps", "");
        await("its commit").atMost(PATIENCE).until(() -> way.held() > 0);
        String session = provider.awaitSessions("perhaps", 1).getFirst();
        try (LogLines log = new LogLines(AbandonedCalls.class)) {
            serai.service().camelContext().getShutdownStrategy().setTimeout(1);

            serai.service().close();

            assertThat(log.with(serai.settings().kafka().startTopic()))
                    .singleElement()
                    .asString()
                    .contains("its room was not published, as far as is known");
        }
        assertThat(provider.isEnded(session)).isFalse();
        way.letGo();
    }

    private void publish(String event, String fields) {
        serai.publish(event, "{\"event_id\":\"" + event + "\",\"character_id\":\"" + event + "\"" + fields + "}");
    }

    private String failure(String event) {
        return serai.replyTo(event).at("/error/category").asText();
    }

    private void limitReplies(int bytes) throws Exception {
        serai.configureTopic(serai.settings().kafka().replyTopic(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "" + bytes);
    }

    private String deadLetters() {
        StringBuilder all = new StringBuilder();
        serai.deadLetters().forEach(letter -> {
            letter.headers().forEach(header -> all.append(new String(header.value(), UTF_8)));
            all.append(new String(letter.value(), UTF_8));
        });
        return all.toString();
    }
}
