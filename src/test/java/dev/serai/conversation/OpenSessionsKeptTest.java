package dev.serai.conversation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.service.SeraiService;
import dev.serai.session.SampleSessions;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Pages;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.RecordedCall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 15: sessions that are to be ended at a time are, whoever owns their partition then. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class OpenSessionsKeptTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Path keyFile;
    private static RunningSerai serai;
    private static SessionRecords sessions;

    private final String caller = "caller-" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        keyFile = SampleSessions.keyFile();
        serai = new RunningSerai(RunningSerai.withoutSources(Map.of("serai.sessions.key-file", keyFile.toString())));
        sessions = new SessionRecords(serai);
    }

    @AfterAll
    static void stop() {
        sessions.close();
        serai.close();
    }

    @Test
    void sessionThatIsOpen_isSealedInTheTopic_andEndedAtItsTimeAfterARestart() throws Exception {
        JsonNode reply = started(serai, caller, "restart-" + caller, 4_000);
        JsonNode open = sessions.lastOf(caller).path("open_sessions");

        assertThat(open).hasSize(1);
        assertThat(open.path(0).path("event_id").asText()).isEqualTo("restart-" + caller);
        Instant closeAt = Instant.parse(open.path(0).path("close_at").asText());
        assertThat(closeAt)
                .isEqualTo(
                        Instant.parse(open.path(0).path("opened_at").asText()).plusMillis(4_000));
        assertThat(serai.scrape()).contains("serai_sessions_open{tenant=\"default\"}");
        assertNothingSecretInTheTopic(reply);

        serai.restart(Map.of());

        Instant ready = Instant.now();
        Instant ended = awaitEnded(serai, reply);
        assertThat(ended)
                .as("ready at %s", ready)
                .isBetween(closeAt, (ready.isAfter(closeAt) ? ready : closeAt).plusSeconds(10));
        assertThat(serai.scrape()).contains("serai_sessions_lost_total{why=\"sealed\"} 0.0");
    }

    @Test
    void sessionsOfPartitionsThatMove_areEndedByTheirNewOwner_eachOnce() throws Exception {
        List<JsonNode> replies = new ArrayList<>();
        for (int number = 0; number < 12; number++) {
            replies.add(started(serai, caller + number, "moves-" + number + caller, 15_000));
        }
        Instant lastClose = Instant.parse(sessions.lastOf(caller + 11)
                .path("open_sessions")
                .path(0)
                .path("close_at")
                .asText());
        int before = serai.service().partitions();
        SeraiService replica = serai.startReplica("second");
        try {
            await().atMost(PATIENCE).until(() -> replica.partitions() == before / 2);

            for (JsonNode reply : replies) {
                assertThat(awaitEnded(serai, reply)).isBefore(lastClose.plusSeconds(20));
            }
            // Until the provider's answer is read, they count.
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            Stream.of(serai.service(), replica).map(each -> Pages.get(each.observeUri() + "/metrics")
                                    .body()))
                    .allSatisfy(text -> assertThat(text)
                            .contains("serai_sessions_open{tenant=\"default\"} 0.0")
                            .contains("serai_sessions_lost_total{why=\"handed_over\"} 0.0")
                            .containsPattern(
                                    "serai_sessions_ended_total\\{cause=\"close_after\",tenant=\"default\"} [1-9]")));
            for (JsonNode reply : replies) {
                assertThat(ends(serai, reply)).hasSize(1);
            }
        } finally {
            replica.close();
        }
        await().atMost(PATIENCE).until(() -> serai.service().partitions() == before);
    }

    @Test
    void recordNamesThoseThatAreStillOpen() throws Exception {
        JsonNode first = started(serai, caller, "first-" + caller, 1_000);
        awaitEnded(serai, first);

        started(serai, caller, "second-" + caller, null);
        started(serai, caller, "third-" + caller, null);

        assertThat(sessions.lastOf(caller).path("open_sessions").findValuesAsText("event_id"))
                .containsExactly("second-" + caller, "third-" + caller);
    }

    @Test
    void forgottenConversation_hasNoRecord_andItsSessionIsEndedAtItsTime() throws Exception {
        JsonNode reply = started(serai, caller, "forgotten-" + caller, 3_000);

        sessions.forget(caller);

        sessions.awaitTombstone(caller);
        awaitEnded(serai, reply);
    }

    @Test
    void eventWithoutAKey_hasItsSessionEndedAtItsTime() throws Exception {
        awaitEnded(serai, started(serai, null, "keyless-" + caller, 1_000));
    }

    @Test
    void keyThatIsRotated_isUsedWithoutARestart_andTheOldOneStillOpens() throws Exception {
        started(serai, caller, "before-" + caller, null);
        String old = sessions.lastOf(caller)
                .path("open_sessions")
                .path(0)
                .path("key_id")
                .asText();

        Files.writeString(keyFile, SampleSessions.KEY_B + "\n" + SampleSessions.KEY_A + "\n");

        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
            String other = caller + UUID.randomUUID();
            started(serai, other, other, null);
            return !old.equals(sessions.lastOf(other)
                    .path("open_sessions")
                    .path(0)
                    .path("key_id")
                    .asText());
        });
        serai.restart(Map.of());
        started(serai, caller, "after-" + caller, null);
        assertThat(sessions.lastOf(caller).path("open_sessions").findValuesAsText("event_id"))
                .containsExactly("before-" + caller, "after-" + caller);
    }

    /** A reply is worth less than the way to end its session, and both less than the room. */
    @Test
    void recordThatItsTopicDoesNotTake_isWrittenWithoutReplies_andThenWithoutSessions() throws Exception {
        int withReply = sessions.last(startedAndKey("fits")).value().length;
        limitSessionRecords(withReply - 400);
        try {
            String key = startedAndKey("smaller");
            assertThat(sessions.lastOf(key).path("open_sessions")).hasSize(1);
            assertThat(sessions.last(key).value().length).isLessThan(withReply - 500);

            limitSessionRecords(520);
            key = startedAndKey("smallest");
            assertThat(sessions.lastOf(key).path("open_sessions").isMissingNode())
                    .isTrue();
        } finally {
            limitSessionRecords(1 << 20);
        }
    }

    @Test
    void withoutAKeyFile_theTopicTellsNothingOfOpenSessions_andTheyAreEndedAtTheirTime() throws Exception {
        try (RunningSerai without =
                new RunningSerai(RunningSerai.withoutSources(Map.of("serai.connect.max-session", "2s")))) {
            JsonNode reply = started(without, caller, "without-" + caller, 60_000);
            try (SessionRecords records = new SessionRecords(without)) {
                assertThat(new String(records.last(caller).value(), UTF_8))
                        .doesNotContain(
                                "open_sessions", reply.path("session_id").asText());
            }

            awaitEnded(without, reply);

            // Counted when its answer is read.
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(without.scrape())
                    .contains("serai_sessions_ended_total{cause=\"max_session\",tenant=\"default\"} 1.0"));
        }
    }

    private String startedAndKey(String name) {
        started(serai, name + caller, name + "-" + caller, null);
        return name + caller;
    }

    private static JsonNode started(
            RunningSerai at, @Nullable String key, String eventId, @Nullable Integer closeAfter) {
        at.publish(
                key,
                "{\"event_id\":\"" + eventId + "\",\"character_id\":\"guide\""
                        + (closeAfter == null ? "" : ",\"close_after_ms\":" + closeAfter) + "}");
        JsonNode reply = at.replyTo(eventId);
        assertThat(reply.path("status").asText())
                .as(reply.path("error").toString())
                .isEqualTo("started");
        return reply;
    }

    private static void assertNothingSecretInTheTopic(JsonNode reply) {
        for (ConsumerRecord<byte[], byte[]> stored : sessions.all()) {
            assertThat(stored.value() == null ? "" : new String(stored.value(), ISO_8859_1))
                    .doesNotContain(
                            reply.path("session_id").asText(),
                            reply.path("token").asText(),
                            reply.path("room_url").asText());
        }
    }

    private static List<RecordedCall> ends(RunningSerai at, JsonNode reply) {
        return at.standIn().calls().stream()
                .filter(call -> call.path()
                        .equals("/disconnect?session_id="
                                + reply.path("session_id").asText()))
                .toList();
    }

    private static Instant awaitEnded(RunningSerai at, JsonNode reply) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> !ends(at, reply)
                .isEmpty());
        return ends(at, reply).getFirst().receivedAt();
    }

    private static void limitSessionRecords(int bytes) throws Exception {
        serai.configureTopic(
                serai.settings().kafka().sessionTopic(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(bytes));
    }
}
