package dev.serai.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.service.SeraiService;
import dev.serai.session.SampleSessions;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.WireSchemas;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Issue 16: contact centres deliver in any order, and whose end event comes first has left: no start event opens a room for
 * them.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class FinalEndTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static RunningSerai serai;
    private static SessionRecords sessions;

    private final String call = "call-" + UUID.randomUUID();
    private final String character = "of-" + call;

    @BeforeAll
    static void start() throws Exception {
        Path keyFile = SampleSessions.keyFile();
        serai = RunningSerai.withTenants(
                RunningSerai.withoutSources(
                        Map.of("serai.sessions.key-file", keyFile.toString(), "serai.connect.response-timeout", "10s")),
                "acme");
        sessions = new SessionRecords(serai);
    }

    @AfterAll
    static void stop() {
        sessions.close();
        serai.close();
    }

    @Test
    void endThatComesBeforeTheStart_cancelsIt_withoutACallOrADeadLetter() {
        end(call);
        assertEnded(1);

        RecordMetadata late = start(call);

        JsonNode reply = assertCancelled(serai.repliesTo("start-" + call).getLast());
        assertThat(reply.at("/error/detail").asText())
                .matches("this conversation was ended for good at 20[0-9T:.-]+Z, by end event \"end-" + call
                        + "\": no start event that is read after it opens a room\\. .*");
        assertThat(serai.connectCalls(character)).isEmpty();
        assertThat(serai.deadLettersOf(late)).isEmpty();
        // With its default, what follows is another start.
        assertThat(sessions.lastOf(call)
                        .path("ended")
                        .path("default")
                        .path("event_id")
                        .asText())
                .isEqualTo("end-" + call);
    }

    @Test
    void conversationThatIsEndedForGood_staysSo_afterARestart_andAtAnotherOwner() {
        start(call);
        assertThat(serai.replyTo("start-" + call).path("status").asText()).isEqualTo("started");
        end(call);
        for (int number = 0; number < 12; number++) {
            end(call + number);
        }
        publish(call, "{\"event_id\":\"before-" + call + "\",\"character_id\":\"" + character + "\"}");
        assertCancelled(serai.replyTo("before-" + call));

        serai.restart(Map.of());
        publish(call, "{\"event_id\":\"after-" + call + "\",\"character_id\":\"" + character + "\"}");
        assertCancelled(serai.replyTo("after-" + call));

        int before = serai.service().partitions();
        SeraiService replica = serai.startReplica("second");
        try {
            await().atMost(PATIENCE).until(() -> replica.partitions() == before / 2);
            for (int number = 0; number < 12; number++) {
                start(call + number);
                assertCancelled(serai.replyTo("start-" + call + number));
            }
        } finally {
            replica.close();
        }
        await().atMost(PATIENCE).until(() -> serai.service().partitions() == before);
        assertThat(serai.connectCalls(character)).hasSize(1);
    }

    @Test
    void startsOfOtherTenants_areNotCancelled_andThoseOfOtherCharactersAre() {
        end(call);

        publish(
                call,
                "{\"event_id\":\"acme-" + call + "\",\"character_id\":\"" + character + "\",\"tenant\":\"acme\"}");
        publish(call, "{\"event_id\":\"other-" + call + "\",\"character_id\":\"another\"}");

        assertThat(serai.replyTo("acme-" + call).path("status").asText()).isEqualTo("started");
        assertCancelled(serai.replyTo("other-" + call));
        // The room of the one has not made the end of the other forgotten.
        assertThat(sessions.lastOf(call).path("ended").fieldNames())
                .toIterable()
                .containsExactly("default");
        assertThat(sessions.lastOf(call).path("event_ids").path(0).asText()).isEqualTo("acme-" + call);

        publish(call, "{\"event_id\":\"end-acme-" + call + "\",\"action\":\"end\",\"final\":true,\"tenant\":\"acme\"}");
        start(call);
        assertCancelled(serai.replyTo("start-" + call));
        assertThat(sessions.lastOf(call).path("ended").fieldNames())
                .toIterable()
                .containsExactly("default", "acme");
    }

    @Test
    void startWhoseCallIsUnderWay_isCancelled_itsRoomClosed_andSoIsTheNext() {
        serai.standIn()
                .script(FaultScript.always(Fault.delay(Duration.ofSeconds(2), Duration.ofSeconds(2)))
                        .forCharacter(character));
        RecordMetadata first = serai.publish(call, startEvent(call));
        await().atMost(PATIENCE).until(() -> !serai.connectCalls(character).isEmpty());

        RecordMetadata end = serai.publish(call, endEvent(call));
        start(call);

        assertThat(serai.repliesTo("start-" + call)).hasSize(2).allSatisfy(FinalEndTest::assertCancelled);
        JsonNode ended = serai.replyTo("end-" + call);
        assertThat(ended.path("events_cancelled").asInt()).isEqualTo(1);
        assertThat(serai.connectCalls(character)).hasSize(1);
        await("its room is closed").atMost(PATIENCE).until(() -> serai.standIn().openRooms().stream()
                .noneMatch(room -> room.characterIds().contains(character)));
        assertThat(serai.deadLettersOf(first)).isEmpty();
        assertThat(serai.deadLettersOf(end)).isEmpty();
    }

    @Test
    void conversationThatIsForgotten_canBeginAnew() {
        end(call);
        start(call);
        assertCancelled(serai.replyTo("start-" + call));

        sessions.forget(call);
        start(call);

        assertThat(serai.repliesTo("start-" + call).getLast().path("status").asText())
                .isEqualTo("started");
    }

    /** Its room is ended, and another {@code event_id}, as the answer to other repetitions says, would be of no use. */
    @Test
    void repetitionOfAnAnsweredStart_isCancelled_andPassedOverWhereRepetitionsAreOff() {
        start(call);
        assertThat(serai.replyTo("start-" + call).path("status").asText()).isEqualTo("started");
        end(call);

        RecordMetadata again = start(call);
        assertThat(serai.repliesTo("start-" + call)).hasSize(2);
        assertCancelled(serai.repliesTo("start-" + call).getLast());
        assertThat(serai.deadLettersOf(again)).isEmpty();

        serai.restart(Map.of("serai.reply.repeat", "false"));
        try {
            start(call);
            assertThat(serai.repliesTo("start-" + call)).hasSize(2);
            start(call, new RecordHeader("kafka_correlationId", "x".getBytes(UTF_8)));
            assertThat(serai.repliesTo("start-" + call)).hasSize(3);
            assertCancelled(serai.repliesTo("start-" + call).getLast());
        } finally {
            serai.restart(Map.of());
        }
    }

    @Test
    void endEventThatIsSentAgain_isAnsweredAgain_andWritesNoOtherRecord() {
        end(call);
        end(call);
        publish(call, "{\"event_id\":\"another-" + call + "\",\"action\":\"end\",\"final\":true}");
        start(call);

        assertEnded(2);
        assertThat(serai.replyTo("another-" + call).path("status").asText()).isEqualTo("ended");
        assertThat(assertCancelled(serai.replyTo("start-" + call))
                        .at("/error/detail")
                        .asText())
                .contains("\"end-" + call + "\"");
        assertThat(sessions.of(call)).hasSize(1);
    }

    @Test
    void endEventThatIsFinalForOneCharacter_isRefused_andEndsNothing() {
        publish(
                call,
                "{\"event_id\":\"end-" + call + "\",\"action\":\"end\",\"final\":true,\"character_id\":\"" + character
                        + "\"}");
        start(call);

        JsonNode refused = serai.replyTo("end-" + call);
        assertThat(refused.at("/error/category").asText()).isEqualTo("invalid_event");
        assertThat(refused.at("/error/detail").asText()).contains("/character_id: expected none", "\"final\": true");
        assertThat(serai.replyTo("start-" + call).path("status").asText()).isEqualTo("started");
    }

    /** As it is told that it has failed, it has ended nothing. */
    @Test
    void endThatCannotBeRecorded_isAnsweredWithTheTopic_andEndsNothing() throws Exception {
        limitSessionRecords(80);
        RecordMetadata end;
        try {
            end = serai.publish(call, endEvent(call));
            serai.awaitCommitted(end);
        } finally {
            limitSessionRecords(1 << 20);
        }
        start(call);

        JsonNode failed = serai.replyTo("end-" + call);
        assertThat(failed.at("/error/category").asText()).isEqualTo("internal_error");
        assertThat(failed.at("/error/detail").asText())
                .contains("larger than topic " + serai.settings().kafka().sessionTopic(), "max.message.bytes");
        assertThat(TopicReader.header(serai.deadLetterOf(end), "serai-error-category"))
                .isEqualTo("internal_error");
        assertThat(serai.replyTo("start-" + call).path("status").asText()).isEqualTo("started");
    }

    /** Its record could be left as it was, and was written again and again, for ever. */
    @Test
    void endOfAKnownConversation_whoseRecordItsTopicDoesNotTake_isAnsweredToo() throws Exception {
        start(call);
        assertThat(serai.replyTo("start-" + call).path("status").asText()).isEqualTo("started");
        limitSessionRecords(80);
        try {
            publish(call, "{\"event_id\":\"end-" + call + "\",\"action\":\"end\"}");
        } finally {
            limitSessionRecords(1 << 20);
        }

        assertThat(serai.replyTo("end-" + call).at("/error/detail").asText()).contains("max.message.bytes");
        publish(call, "{\"event_id\":\"next-" + call + "\",\"character_id\":\"" + character + "\"}");
        assertThat(serai.replyTo("next-" + call).path("status").asText()).isEqualTo("started");
    }

    private static void limitSessionRecords(int bytes) throws Exception {
        serai.configureTopic(
                serai.settings().kafka().sessionTopic(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(bytes));
    }

    private RecordMetadata start(String key, Header... headers) {
        RecordMetadata event = serai.publish(key, startEvent(key), headers);
        serai.awaitCommitted(event);
        return event;
    }

    private String startEvent(String key) {
        return "{\"event_id\":\"start-" + key + "\",\"character_id\":\"" + character + "\"}";
    }

    private static void end(String key) {
        publish(key, endEvent(key));
    }

    private static String endEvent(String key) {
        return "{\"event_id\":\"end-" + key + "\",\"action\":\"end\",\"final\":true}";
    }

    private static void publish(String key, String event) {
        serai.awaitCommitted(serai.publish(key, event));
    }

    private void assertEnded(int times) {
        assertThat(serai.repliesTo("end-" + call)).hasSize(times).allSatisfy(reply -> {
            WireSchemas.assertReply(reply);
            assertThat(reply.path("status").asText()).isEqualTo("ended");
            assertThat(reply.has("ignored")).isFalse();
        });
    }

    private static JsonNode assertCancelled(JsonNode reply) {
        WireSchemas.assertReply(reply);
        assertThat(reply.path("status").asText()).as(reply.toString()).isEqualTo("failed");
        assertThat(reply.at("/error/category").asText()).isEqualTo("cancelled");
        assertThat(reply.at("/error/retryable").asBoolean()).isFalse();
        return reply;
    }
}
