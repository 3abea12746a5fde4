package dev.serai.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.ForgetCommand;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an event finds of the events before it, and what it leaves to those behind it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class ConversationTurnRouteTest {
    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        // Longer than the slow one takes, and soon enough for the one that hangs, which is called for again.
        serai = new RunningSerai(Map.of("serai.connect.response-timeout", "5s"));
    }

    @Test
    void slowConversation_delaysNoOtherOfItsPartition() {
        serai.standIn()
                .script(FaultScript.once(Fault.delay(Duration.ofSeconds(4), Duration.ofSeconds(4)))
                        .forCharacter("slow"));
        publishTo(2, "slow", "{'event_id':'slow-1','character_id':'slow'}");
        Awaitility.await().until(() -> !serai.connectCalls("slow").isEmpty());

        for (int i = 0; i < 5; i++) {
            publishTo(2, "quick-" + i, "{'event_id':'quick-" + i + "','character_id':'quick'}");
        }
        for (int i = 0; i < 5; i++) {
            serai.replyTo("quick-" + i);
        }

        assertThat(serai.repliesTo("slow-1")).isEmpty();
        serai.replyTo("slow-1");
    }

    @Test
    void completeEventsAboveASlowOne_doNotRunAgainAfterARestart() {
        serai.standIn().script(FaultScript.once(Fault.hang()).forCharacter("hangs"));
        RecordMetadata hanging = publishTo(1, "hangs", "{'event_id':'hangs','character_id':'hangs','ttl_ms':600000}");
        Awaitility.await().until(() -> !serai.connectCalls("hangs").isEmpty());
        for (int i = 0; i < 20; i++) {
            publishTo(1, "above-" + i, "{'event_id':'above-" + i + "','character_id':'above'}");
        }
        for (int i = 0; i < 20; i++) {
            serai.replyTo("above-" + i);
        }

        serai.restart(Map.of());

        serai.replyTo("hangs");
        serai.awaitCommitted(hanging);
        for (int i = 0; i < 20; i++) {
            assertThat(serai.repliesTo("above-" + i)).hasSize(1);
        }
        assertThat(serai.connectCalls("above")).hasSize(20);
    }

    @Test
    void sessions_areRememberedAfterARestart() {
        publish("stays", "{'event_id':'stays-1','character_id':'c'}");
        JsonNode before = serai.replyTo("stays-1");

        serai.restart(Map.of());
        publish("stays", "{'event_id':'stays-2','character_id':'c'}");
        JsonNode after = serai.replyTo("stays-2");

        assertThat(after.path("continuity").asText()).isEqualTo("resumed");
        assertThat(after.path("character_session_id")).isEqualTo(before.path("character_session_id"));
    }

    @Test
    void eventThatIsPublishedTwice_opensOneRoom_alsoAfterARestart() {
        String event = "{'event_id':'twice','character_id':'twice'}";
        publish("twice", event);
        serai.replyTo("twice");
        RecordMetadata again = publish("twice", event);
        serai.awaitCommitted(again);
        serai.restart(Map.of());
        RecordMetadata last = publish("twice", event);
        serai.awaitCommitted(last);

        assertThat(serai.repliesTo("twice"))
                .extracting(reply -> reply.path("status").asText())
                .containsExactly("started", "started", "failed");
        assertThat(serai.connectCalls("twice")).hasSize(1);
    }

    @Test
    void sameEventIdOfAnotherConversation_isAnotherEvent() {
        publish("one", "{'event_id':'shared','character_id':'c'}");
        publish("two", "{'event_id':'shared','character_id':'c'}");

        Awaitility.await().until(() -> serai.repliesTo("shared").size() == 2);
    }

    @Test
    void forgetCommand_letsTheNextEventStartAfresh_andLeavesATombstone() {
        publish("forgotten", "{'event_id':'before','character_id':'c'}");
        RecordHeaders headers = new RecordHeaders();
        ForgetCommand.headers().forEach(header -> headers.add(header.name(), header.value()));
        serai.publish(new ProducerRecord<>(
                serai.settings().kafka().startTopic(), null, null, utf8("forgotten"), null, headers));
        publish("forgotten", "{'event_id':'after','character_id':'c'}");

        assertThat(serai.replyTo("after").path("continuity").asText()).isEqualTo("new");
        assertThat(serai.deadLetters()).isEmpty();
        try (TopicReader sessions = serai.reader(serai.settings().kafka().sessionTopic())) {
            assertThat(sessions.all().stream()
                            .filter(state -> new String(state.key(), StandardCharsets.UTF_8).equals("forgotten"))
                            .map(state -> state.value() == null))
                    .containsExactly(false, true, false);
        }
    }

    private static RecordMetadata publish(String key, String event) {
        return serai.publish(key, Incoming.json(event));
    }

    private static RecordMetadata publishTo(int partition, String key, String event) {
        return serai.publish(new ProducerRecord<>(
                serai.settings().kafka().startTopic(), partition, utf8(key), utf8(Incoming.json(event))));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
