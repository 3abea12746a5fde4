package dev.serai.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.session.SampleSessions;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import dev.serai.wire.WireSchemas;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 15: an event that was answered with a room and is sent again gets that room again, and never another one. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class RepeatedEventsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static RunningSerai serai;

    private final String id = "event-" + UUID.randomUUID();
    private final String caller = "caller-of-" + id;

    @BeforeAll
    static void start() throws Exception {
        Path keyFile = SampleSessions.keyFile();
        serai = RunningSerai.withTenants(
                RunningSerai.withoutSources(Map.of("serai.sessions.key-file", keyFile.toString())), "acme");
    }

    @AfterAll
    static void stop() {
        serai.standIn().close();
        serai.close();
    }

    @Test
    void repetition_getsTheSameRoom_withItsOwnCorrelation_andNoCall() {
        JsonNode first = started(serai);

        serai.awaitCommitted(send(serai, new RecordHeader("kafka_correlationId", "again".getBytes(UTF_8))));
        serai.awaitCommitted(send(serai));

        List<JsonNode> replies = serai.repliesTo(id);
        assertThat(replies).hasSize(3);
        assertThat(replies.subList(1, 3)).allSatisfy(reply -> {
            WireSchemas.assertReply(reply);
            assertThat(reply.path("repeated").asBoolean()).isTrue();
            ObjectNode rest = reply.deepCopy();
            rest.remove("repeated");
            assertThat((JsonNode) rest).isEqualTo(first);
        });
        assertThat(records().get(1))
                .satisfies(record -> assertThat(TopicReader.header(record, "kafka_correlationId"))
                        .isEqualTo("again"))
                .satisfies(record ->
                        assertThat(TopicReader.header(record, "serai-status")).isEqualTo("started"));
        assertThat(TopicReader.header(records().get(2), "kafka_correlationId")).isNull();
        assertThat(serai.connectCalls(id)).hasSize(1);
    }

    /** What is known of the session is as before: an end event finds it. */
    @Test
    void repetitionAfterTheEnd_isToldSo_andOpensNoSecondRoom() {
        started(serai);
        serai.awaitCommitted(send(serai));

        serai.awaitCommitted(end(serai));
        RecordMetadata late = send(serai);
        serai.awaitCommitted(late);

        JsonNode ended = serai.replyTo("end-" + id);
        assertThat(ended.path("sessions_ended").asInt()).isEqualTo(1);
        assertSessionInvalid(serai.repliesTo(id).getLast(), "its session was ended");
        assertThat(serai.deadLettersOf(late)).isEmpty();
        assertThat(serai.connectCalls(id)).hasSize(1);
    }

    @Test
    void repetitionAfterARestart_getsTheSameRoom() {
        JsonNode first = started(serai);

        serai.restart(Map.of());
        serai.awaitCommitted(send(serai));

        JsonNode again = serai.repliesTo(id).getLast();
        assertThat(again.path("repeated").asBoolean()).isTrue();
        assertThat(again.path("token")).isEqualTo(first.path("token"));
        assertThat(again.path("room_name")).isEqualTo(first.path("room_name"));
        serai.awaitCommitted(end(serai));
        assertThat(serai.replyTo("end-" + id).path("sessions_ended").asInt()).isEqualTo(1);
        serai.restart(Map.of());
        serai.awaitCommitted(send(serai));
        assertSessionInvalid(serai.repliesTo(id).getLast(), "its session was ended");
        assertThat(serai.connectCalls(id)).hasSize(1);
    }

    @Test
    void sameEventInFlightTwice_runsInItsTurn_andGetsTheFirstOnesRoom() {
        send(serai);

        serai.awaitCommitted(send(serai));

        assertThat(serai.repliesTo(id)).hasSize(2);
        assertThat(serai.repliesTo(id).getFirst().has("repeated")).isFalse();
        assertThat(serai.repliesTo(id).getLast().path("token"))
                .isEqualTo(serai.repliesTo(id).getFirst().path("token"));
        assertThat(serai.connectCalls(id)).hasSize(1);
    }

    @Test
    void repetitionOfAnEventThatFailed_isTriedAnew() {
        String event = "{\"event_id\":\"" + id + "\",\"character_id\":\"" + RunningSerai.UNKNOWN_CHARACTER + "\"}";
        serai.publish(caller, event);

        serai.awaitCommitted(serai.publish(caller, event));

        assertThat(serai.repliesTo(id)).hasSize(2).allSatisfy(reply -> {
            assertThat(reply.at("/error/category").asText()).isEqualTo("character_not_found");
            assertThat(reply.path("attempts").asInt()).isEqualTo(1);
        });
    }

    /** A caller who has left gets no room, not even one that is there; nothing has failed, so that there is nothing to replay. */
    @Test
    void repetitionThatIsTooLate_isExpired_andLeavesNoDeadLetter() {
        started(serai);

        RecordMetadata late = serai.publish(
                caller,
                "{\"event_id\":\"" + id + "\",\"character_id\":\"" + id
                        + "\",\"expires_at\":\"2020-01-01T00:00:00Z\"}");
        serai.awaitCommitted(late);

        assertThat(serai.repliesTo(id).getLast().at("/error/category").asText()).isEqualTo("expired");
        assertThat(serai.deadLettersOf(late)).isEmpty();
    }

    @Test
    void repetitionOfAnotherTenant_getsNoRoom() {
        started(serai);

        serai.awaitCommitted(serai.publish(
                caller, "{\"event_id\":\"" + id + "\",\"character_id\":\"" + id + "\",\"tenant\":\"acme\"}"));

        assertSessionInvalid(serai.repliesTo(id).getLast(), "it is another tenant's");
        assertThat(serai.connectCalls(id)).hasSize(1);
    }

    @Test
    void sessionIds_areLeftOut_whereRepliesHaveNone() {
        started(serai);
        serai.restart(Map.of("serai.reply.session-id", "omit"));
        try {
            serai.awaitCommitted(send(serai));
        } finally {
            serai.restart(Map.of());
        }

        JsonNode again = serai.repliesTo(id).getLast();
        WireSchemas.assertReply(again);
        assertThat(again.path("repeated").asBoolean()).isTrue();
        assertThat(again.has("session_id")).isFalse();
    }

    @Test
    void withRepetitionsOff_theyArePassedOver_orToldSoWhereSomebodyWaits() {
        started(serai);
        serai.restart(Map.of("serai.reply.repeat", "false"));
        try {
            serai.awaitCommitted(send(serai, new RecordHeader("traceparent", "00-b".getBytes(UTF_8))));
            assertThat(serai.repliesTo(id)).hasSize(1);

            serai.awaitCommitted(send(serai, new RecordHeader("kafka_correlationId", "x".getBytes(UTF_8))));

            MeterRegistry meters = serai.meters();
            // Counted after the commit.
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(duplicates(meters, "none")).isEqualTo(1);
                assertThat(duplicates(meters, "failed")).isEqualTo(1);
            });
            assertThat(duplicates(meters, "room")).isZero();
        } finally {
            serai.restart(Map.of());
        }

        assertThat(serai.repliesTo(id)).hasSize(2);
        assertSessionInvalid(serai.repliesTo(id).getLast(), "serai.reply.repeat is false");
        assertThat(serai.connectCalls(id)).hasSize(1);
    }

    @Test
    void tokenThatHasExpired_isNotGivenAgain() {
        try (StandIn provider = StandIn.start(StandInOptions.defaults()
                        .withPort(0)
                        .withApiKey(RunningSerai.API_KEY)
                        .withTokenTtl(Duration.ofSeconds(2)));
                RunningSerai brief = new RunningSerai(
                        RunningSerai.withoutSources(Map.of()),
                        all -> RunningSerai.withProvider(all, provider.baseUrl(), RunningSerai.API_KEY))) {
            Instant validUntil = Instant.parse(started(brief).path("expires_at").asText());
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> !validUntil.isAfter(Instant.now()));

            brief.awaitCommitted(send(brief));

            assertSessionInvalid(brief.repliesTo(id).getLast(), "was valid until " + validUntil);

            // Without a key file nobody knows the session after a restart.
            brief.restart(Map.of());
            brief.awaitCommitted(send(brief));
            assertSessionInvalid(brief.repliesTo(id).getLast(), "not known to this service any more");
            assertThat(provider.calls().stream().filter(call -> call.path().equals("/connect")))
                    .hasSize(1);
            brief.standIn().close();
        }
    }

    /** As an offset reset has it. Those of one conversation run one after another, each with a commit of its own. */
    @Test
    void thousandRepetitions_areAnsweredSoon_andWriteNoSessionRecord() {
        int callers = 100;
        publishForAll(callers);
        Map<String, JsonNode> firsts = new HashMap<>();
        await().atMost(PATIENCE).until(() -> repliesToAll().size() == callers);
        repliesToAll().forEach(reply -> firsts.put(reply.path("event_id").asText(), reply));
        Instant begin = Instant.now();

        for (int round = 0; round < 10; round++) {
            publishForAll(callers);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> repliesToAll().size() == 11 * callers);

        System.out.println("1,000 repetitions of 100 events were answered in "
                + Duration.between(begin, Instant.now()).toMillis() + " ms, publishing included");
        assertThat(repliesToAll()).allSatisfy(reply -> assertThat(reply.path("token"))
                .isEqualTo(
                        Objects.requireNonNull(firsts.get(reply.path("event_id").asText()))
                                .path("token")));
        assertThat(serai.connectCalls(id)).hasSize(callers);
        try (SessionRecords sessions = new SessionRecords(serai)) {
            sessions.last(caller + (callers - 1));
            for (int number = 0; number < callers; number++) {
                assertThat(sessions.of(caller + number)).hasSize(1);
            }
        }
    }

    private void publishForAll(int callers) {
        for (int number = 0; number < callers; number++) {
            serai.publish(
                    caller + number, "{\"event_id\":\"" + id + "-" + number + "\",\"character_id\":\"" + id + "\"}");
        }
    }

    private List<JsonNode> repliesToAll() {
        return serai.replies().stream()
                .map(RunningSerai::json)
                .filter(reply -> reply.path("event_id").asText().startsWith(id + "-"))
                .toList();
    }

    private static double duplicates(MeterRegistry meters, String answer) {
        return meters.get("serai.events.duplicate")
                .tag("answer", answer)
                .counter()
                .count();
    }

    private RecordMetadata send(RunningSerai at, Header... headers) {
        return at.publish(caller, "{\"event_id\":\"" + id + "\",\"character_id\":\"" + id + "\"}", headers);
    }

    private RecordMetadata end(RunningSerai at) {
        return at.publish(caller, "{\"event_id\":\"end-" + id + "\",\"action\":\"end\"}");
    }

    private JsonNode started(RunningSerai at) {
        send(at);
        JsonNode reply = at.replyTo(id);
        assertThat(reply.path("status").asText()).isEqualTo("started");
        assertThat(reply.has("repeated")).isFalse();
        return reply;
    }

    private List<ConsumerRecord<byte[], byte[]>> records() {
        return serai.replies().stream()
                .filter(record ->
                        RunningSerai.json(record).path("event_id").asText().equals(id))
                .toList();
    }

    private void assertSessionInvalid(JsonNode reply, String why) {
        WireSchemas.assertReply(reply);
        assertThat(reply.at("/error/category").asText()).isEqualTo("session_invalid");
        assertThat(reply.at("/error/retryable").asBoolean()).isFalse();
        assertThat(reply.path("attempts").asInt()).isZero();
        assertThat(reply.at("/error/detail").asText())
                .contains("\"" + id + "\"", "test.reply", "That room cannot be given again: ", why);
    }
}
