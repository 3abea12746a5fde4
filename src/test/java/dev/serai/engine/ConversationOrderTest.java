package dev.serai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.RecordedCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events of one conversation: one after another, and each goes on where the one before it ended. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ConversationOrderTest {
    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai();
    }

    @Test
    void eventsOfOneKey_areAnsweredInOrder_inOneSession() {
        serai.standIn().latency(Duration.ofMillis(5), Duration.ofMillis(40));
        for (int i = 0; i < 10; i++) {
            publish("order", "{'event_id':'order-" + i + "','character_id':'ordered'}");
        }

        List<JsonNode> replies = IntStream.range(0, 10)
                .mapToObj(i -> serai.replyTo("order-" + i))
                .toList();
        serai.standIn().latency(Duration.ZERO, Duration.ZERO);

        assertThat(serai.replies().stream()
                        .map(RunningSerai::json)
                        .map(reply -> reply.path("event_id").asText())
                        .filter(id -> id.startsWith("order-")))
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "order-" + i).toList());
        assertThat(replies).extracting(ConversationOrderTest::continuity).startsWith("new", "resumed", "resumed");
        assertThat(replies).extracting(ConversationOrderTest::session).containsOnly(session(replies.getFirst()));
        List<RecordedCall> calls = serai.connectCalls("ordered");
        for (int i = 1; i < calls.size(); i++) {
            assertThat(calls.get(i).receivedAt())
                    .as("call %d after the answer to the one before", i)
                    .isAfterOrEqualTo(calls.get(i - 1).endedAt());
        }
    }

    @Test
    void freshEvent_startsANewSession_thatLaterOnesResume() {
        publish("fresh", "{'event_id':'f1','character_id':'c'}");
        publish("fresh", "{'event_id':'f2','character_id':'c','continuity':'fresh'}");
        publish("fresh", "{'event_id':'f3','character_id':'c'}");

        JsonNode second = serai.replyTo("f2");
        JsonNode third = serai.replyTo("f3");
        assertThat(continuity(second)).isEqualTo("new");
        assertThat(session(second)).isNotEqualTo(session(serai.replyTo("f1")));
        assertThat(continuity(third)).isEqualTo("resumed");
        assertThat(session(third)).isEqualTo(session(second));
    }

    @Test
    void sessionThatTheEventNames_wins() {
        publish("giver", "{'event_id':'given','character_id':'c'}");
        String given = session(serai.replyTo("given"));
        publish("explicit", "{'event_id':'x1','character_id':'c'}");
        publish("explicit", "{'event_id':'x2','character_id':'c','character_session_id':'" + given + "'}");
        publish(
                "explicit",
                "{'event_id':'x3','character_id':'c','continuity':'fresh','character_session_id':'" + given + "'}");
        publish("explicit", "{'event_id':'x4','character_id':'c'}");

        assertThat(session(serai.replyTo("x1"))).isNotEqualTo(given);
        for (String event : List.of("x2", "x3", "x4")) {
            assertThat(session(serai.replyTo(event))).as(event).isEqualTo(given);
            assertThat(continuity(serai.replyTo(event))).as(event).isEqualTo("resumed");
        }
    }

    @Test
    void otherCharacterOrConversation_hasASessionOfItsOwn() {
        publish("pair", "{'event_id':'p1','character_id':'c1'}");
        publish("pair", "{'event_id':'p2','character_id':'c2'}");
        publish("other", "{'event_id':'p3','character_id':'c1'}");
        publish("pair", "{'event_id':'p4','character_id':'c1'}");

        assertThat(continuity(serai.replyTo("p2"))).isEqualTo("new");
        assertThat(continuity(serai.replyTo("p3"))).isEqualTo("new");
        assertThat(session(serai.replyTo("p3"))).isNotEqualTo(session(serai.replyTo("p1")));
        assertThat(session(serai.replyTo("p4"))).isEqualTo(session(serai.replyTo("p1")));
    }

    @Test
    void eventsWithoutKey_areNoConversation() {
        serai.publish(null, Incoming.json("{'event_id':'k1','character_id':'c'}"));
        serai.publish(null, Incoming.json("{'event_id':'k2','character_id':'c'}"));

        assertThat(continuity(serai.replyTo("k1"))).isEqualTo("new");
        assertThat(continuity(serai.replyTo("k2"))).isEqualTo("new");
        assertThat(session(serai.replyTo("k2"))).isNotEqualTo(session(serai.replyTo("k1")));
    }

    @Test
    void eventThatIsPublishedTwice_opensOneRoom() {
        publish("twice", "{'event_id':'t1','character_id':'twice'}");
        publish("twice", "{'event_id':'t1','character_id':'twice'}");
        publish("twice", "{'event_id':'t2','character_id':'twice'}");
        serai.replyTo("t2");

        assertThat(serai.repliesTo("t1")).hasSize(2);
        assertThat(serai.connectCalls("twice")).hasSize(2);
    }

    @Test
    void eventThatFailed_isTriedAgainWhenItIsPublishedAgain() {
        serai.standIn()
                .script(FaultScript.once(Fault.status(422, "something is missing"))
                        .forCharacter("mended"));
        publish("mended", "{'event_id':'m1','character_id':'mended'}");
        assertThat(serai.replyTo("m1").path("status").asText()).isEqualTo("failed");

        publish("mended", "{'event_id':'m1','character_id':'mended'}");
        publish("mended", "{'event_id':'m2','character_id':'mended'}");
        serai.replyTo("m2");

        assertThat(serai.repliesTo("m1"))
                .map(reply -> reply.path("status").asText())
                .containsExactly("failed", "started");
    }

    private static void publish(String key, String event) {
        serai.publish(key, Incoming.json(event));
    }

    private static String continuity(JsonNode reply) {
        return reply.path("continuity").asText();
    }

    private static String session(JsonNode reply) {
        return reply.path("character_session_id").asText();
    }
}
