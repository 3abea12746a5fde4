package dev.serai.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.testing.WaitingSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.Json;
import dev.serai.wire.WireSchemas;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 15: an end event cancels at once what of its conversation waits before it, whatever that waits for. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class HangUpTest {
    private static final String LONG = ",\"end_user_metadata\":{\"note\":\"" + "a".repeat(70_000) + "\"}";

    private static WaitingSerai waiting;
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        Map<String, String> settings = new HashMap<>();
        settings.put("serai.conversation.default-character-id", "guide");
        settings.put("serai.connect.initial-backoff", "40s");
        settings.put("serai.connect.max-backoff", "40s");
        // Those that wait at the sources take all places of their tenant.
        settings.put("serai.kafka.max-in-flight", "40");
        waiting = new WaitingSerai(settings, "acme");
        serai = waiting.serai();
        serai.standIn().script(FaultScript.always(Fault.status(503)).forCharacter("flaky"));
        serai.standIn()
                .script(FaultScript.always(Fault.delay(Duration.ofSeconds(2), Duration.ofSeconds(2)))
                        .forCharacter("slow"));
    }

    @AfterAll
    static void stop() {
        waiting.close();
    }

    @Test
    void startThatWaitsForASource_isCancelled() {
        String key = key();
        RecordMetadata start = start(key, "at-source", ",\"scene_ref\":\"hall\"");
        awaitState("at-source", "look_up");

        end(key, "e1", ",\"reason\":\"hung up\\n\"");

        JsonNode reply = cancelled("at-source", 0);
        assertThat(reply.at("/error/detail").asText())
                .isEqualTo("end event \"e1\" of this conversation came before there was a room: \"hung up\\n\"");
        assertThat(reply.path("character_id").asText()).isEqualTo("guide");
        JsonNode ended = ended("e1", 1);
        assertThat(ended.path("reason").asText()).isEqualTo("hung up\n");
        assertThat(ended.path("sessions_ended").asInt()).isZero();
        assertThat(ended.path("sessions_left").asInt()).isZero();
        serai.awaitCommitted(start);
        assertThat(deadLetters()).noneMatch(letter -> letter.equals("cancelled"));
    }

    @Test
    void startThatWaitsForItsNextCall_isCancelled() {
        String key = key();
        start(key, "in-back-off", ",\"character_id\":\"flaky\"");
        awaitState("in-back-off", "back_off");

        end(key, "e2", "");

        cancelled("in-back-off", 1);
        ended("e2", 1);
        assertThat(serai.repliesTo("e2")).hasSize(1);
    }

    @Test
    void startThatWaitsAtTheGate_isCancelled_byAnEndEventOfItsTenantOnly() {
        String key = key();
        start(key, "at-gate", ",\"character_id\":\"acme's\",\"tenant\":\"acme\"");
        awaitState("at-gate", "gate");

        RecordMetadata ofAnother = end(key, "e3-other-tenant", "");
        end(key, "e3", ",\"tenant\":\"acme\"");

        cancelled("at-gate", 1);
        ended("e3-other-tenant", 0);
        ended("e3", 1);
        serai.awaitCommitted(ofAnother);
    }

    /** Its tenant stands behind what is looked at of it before it is decoded. */
    @Test
    void longStartThatWaitsAtTheGate_isCancelled_byAnEndEventOfItsTenantAndCharacterOnly() {
        String key = key();
        start(key, "long-at-gate", LONG + ",\"character_id\":\"acme's\",\"tenant\":\"acme\"");
        awaitState("long-at-gate", "gate");

        end(key, "e11-other-tenant", "");
        end(key, "e11-other-character", ",\"tenant\":\"acme\",\"character_id\":\"guide\"");
        end(key, "e11", ",\"tenant\":\"acme\",\"character_id\":\"acme's\"");

        cancelled("long-at-gate");
        ended("e11-other-tenant", 0);
        ended("e11-other-character", 0);
        ended("e11", 1);
    }

    /** Behind another of its conversation it is not decoded, and nobody knows whose it is. */
    @Test
    void longStartThatIsNotDecoded_isNotCancelled_byAnEndEventOfAnotherTenant() {
        String key = key();
        start(key, "long-first", ",\"character_id\":\"slow\"");
        awaitState("long-first", "call");
        start(key, "long-behind", ",\"character_id\":\"acme's\"" + LONG + ",\"tenant\":\"acme\"");

        end(key, "e12-other-tenant", ",\"character_id\":\"acme's\"");
        awaitState("long-behind", "gate");
        end(key, "e12", ",\"tenant\":\"acme\"");

        cancelled("long-behind");
        ended("e12-other-tenant", 0);
        ended("e12", 1);
    }

    /** Behind another of its conversation, which is of another character: in its order, and without a call. */
    @Test
    void startBehindAnother_isCancelled_inItsTurn() {
        String key = key();
        start(key, "first", ",\"character_id\":\"slow\"");
        awaitState("first", "call");
        start(key, "behind", "");
        start(key, "behind-too", ",\"character_id\":\"guide\"");
        awaitState("behind-too", "lane");
        int calls = serai.connectCalls("guide").size();

        end(key, "e4", ",\"character_id\":\"guide\"");

        assertThat(serai.replyTo("first").path("status").asText()).isEqualTo("started");
        cancelled("behind", 0);
        cancelled("behind-too", 0);
        ended("e4", 2);
        assertThat(serai.connectCalls("guide")).hasSize(calls);
        List<String> order = serai.replies().stream()
                .map(RunningSerai::json)
                .filter(reply -> reply.path("conversation_key").asText().equals(key))
                .map(reply -> reply.path("event_id").asText())
                .toList();
        assertThat(order).containsExactly("first", "behind", "behind-too", "e4");
    }

    /** What was asked of the provider is let finish; its room is nobody's. */
    @Test
    void startWhoseCallIsUnderWay_isCancelledAfterIt() {
        String key = key();
        long closedBefore = disconnects();
        start(key, "calling", ",\"character_id\":\"slow\"");
        awaitState("calling", "call");

        end(key, "e5", "");

        JsonNode reply = cancelled("calling", 1);
        assertThat(reply.path("possible_duplicate_session").asBoolean()).isTrue();
        assertThat(ended("e5", 1).path("sessions_ended").asInt()).isZero();
        Awaitility.await("its room is closed").atMost(Duration.ofSeconds(20)).until(() -> disconnects() > closedBefore);
    }

    /** Its place is taken by others, which do not move: it ends nevertheless. */
    @Test
    void startsThatWaitForAPlace_areCancelledAtOnce_whoeverHasThePlaces() {
        String stuck = key();
        for (int event = 0; event < 30; event++) {
            start(stuck + event, stuck + event, ",\"scene_ref\":\"hall\"");
        }
        String key = key();
        for (int event = 0; event < 200; event++) {
            start(key + event, key + event, "");
        }
        awaitState(key + 199, "lane");

        for (int event = 0; event < 200; event++) {
            end(key + event, "end-" + key + event, "");
        }

        for (int event = 0; event < 200; event++) {
            cancelled(key + event, 0);
            ended("end-" + key + event, 1);
        }
        for (int event = 0; event < 30; event++) {
            end(stuck + event, "end-" + stuck + event, "");
        }
        for (int event = 0; event < 30; event++) {
            ended("end-" + stuck + event, 1);
        }
    }

    @Test
    void sessionThatIsOpen_isEnded_andTheNextStartResumesTheConversation() {
        String key = key();
        start(key, "before", "");
        JsonNode before = serai.replyTo("before");

        end(key, "e6", "");
        start(key, "after", "");

        JsonNode ended = ended("e6", 0);
        assertThat(ended.path("sessions_ended").asInt()).isEqualTo(1);
        assertThat(ended.path("sessions_left").asInt()).isZero();
        assertThat(disconnects(before)).isEqualTo(1);

        JsonNode after = serai.replyTo("after");
        assertThat(after.path("status").asText()).isEqualTo("started");
        assertThat(after.path("continuity").asText()).isEqualTo("resumed");
        assertThat(after.path("character_session_id")).isEqualTo(before.path("character_session_id"));
    }

    /** Its number of sessions is the provider's; that of cancelled events is what there was. */
    @Test
    void endEventThatIsSentAgain_isAnsweredAgain() {
        String key = key();

        end(key, "e7", "");
        serai.awaitCommitted(end(key, "e7", ""));

        assertThat(serai.repliesTo("e7")).hasSize(2).allSatisfy(reply -> {
            assertThat(reply.path("status").asText()).isEqualTo("ended");
            assertThat(reply.path("events_cancelled").asInt()).isZero();
        });
    }

    /** Deadlines are for rooms. */
    @Test
    void endEventThatIsLate_stillEnds() {
        end(key(), "e8", ",\"expires_at\":\"2020-01-01T00:00:00Z\",\"ttl_ms\":1");

        assertThat(ended("e8", 0).path("ignored")).hasSize(2);
    }

    @Test
    void endEventThatIsNotInOrder_cancelsNothing_andIsRefused() {
        String key = key();
        start(key, "stays", ",\"character_id\":\"slow\"");
        awaitState("stays", "call");

        RecordMetadata wrong = end(key, "e9", ",\"reason\":7");

        assertThat(serai.replyTo("stays").path("status").asText()).isEqualTo("started");
        JsonNode reply = serai.replyTo("e9");
        assertThat(reply.at("/error/category").asText()).isEqualTo("invalid_event");
        WireSchemas.assertReply(reply);
        assertThat(TopicReader.header(serai.deadLetterOf(wrong), "serai-error-category"))
                .isEqualTo("invalid_event");
    }

    @Test
    void endEventWithoutAKey_isRefused() {
        RecordMetadata wrong = serai.publish((String) null, "{\"action\":\"end\",\"event_id\":\"e10\"}");

        assertThat(serai.replyTo("e10").at("/error/detail").asText()).contains("has no key that says which");
        serai.deadLetterOf(wrong);
    }

    private static long disconnects() {
        return serai.standIn().calls().stream()
                .filter(call -> call.path().startsWith("/disconnect"))
                .count();
    }

    private static long disconnects(JsonNode started) {
        String id = started.path("session_id").asText();
        return serai.standIn().calls().stream()
                .filter(call ->
                        call.path().startsWith("/disconnect") && call.path().contains(id))
                .count();
    }

    private static String key() {
        return "caller-" + UUID.randomUUID();
    }

    private static RecordMetadata start(String key, String id, String fields) {
        return serai.publish(key, "{\"event_id\":\"" + id + "\",\"continuity\":\"resume\"" + fields + "}");
    }

    private static RecordMetadata end(String key, String id, String fields) {
        return serai.publish(key, "{\"action\":\"end\",\"event_id\":\"" + id + "\"" + fields + "}");
    }

    private static JsonNode cancelled(String id, int attempts) {
        JsonNode reply = cancelled(id);
        assertThat(reply.path("attempts").asInt()).as(id).isEqualTo(attempts);
        return reply;
    }

    private static JsonNode cancelled(String id) {
        JsonNode reply = serai.replyTo(id);
        WireSchemas.assertReply(reply);
        assertThat(reply.at("/error/category").asText()).as(id).isEqualTo("cancelled");
        assertThat(reply.at("/error/retryable").asBoolean()).isFalse();
        return reply;
    }

    private static JsonNode ended(String id, int cancelled) {
        JsonNode reply = serai.replyTo(id);
        WireSchemas.assertReply(reply);
        assertThat(reply.path("status").asText()).as(id).isEqualTo("ended");
        assertThat(TopicReader.header(serai.replyRecordTo(id), "serai-status")).isEqualTo("ended");
        assertThat(reply.path("events_cancelled").asInt()).as(id).isEqualTo(cancelled);
        return reply;
    }

    private static List<String> deadLetters() {
        return serai.deadLetters().stream()
                .map(letter -> TopicReader.header(letter, "serai-error-category"))
                .toList();
    }

    private static void awaitState(String id, String kind) {
        Awaitility.await(id + " " + kind)
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> state(id).equals(kind));
    }

    private static String state(String id) throws IOException {
        String waiting = serai.page("/waiting?limit=1000").body();
        for (JsonNode event : Json.MAPPER.readTree(waiting).path("events")) {
            if (event.path("event_id").asText().equals(id)) {
                return event.at("/step/kind").asText();
            }
        }
        return "";
    }
}
