package dev.serai.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.Incoming;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.WireSchemas;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order of the line, and what is left out of it when. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ConversationRouteTest {
    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai();
    }

    @BeforeEach
    void forgetCalls() {
        serai.standIn().clearCalls();
    }

    @Test
    void event_isLookedUpInBothSources_thenConnected_thenAnswered() {
        Exchange done = converse(Incoming.event(
                "learner-1", "{'event_id':'all','character_id':'c','scene_ref':'harbour','connection_type':'video'}"));

        assertThat(done.getException()).isNull();
        assertThat(paths())
                .containsExactlyInAnyOrder("/scenes/harbour", "/customers/learner-1", "/connect")
                .endsWith("/connect");
        JsonNode reply = serai.replyTo("all");
        assertThat(reply.path("connection_type").asText()).isEqualTo("video");
        assertThat(reply.at("/enrichment/scene/status").asText()).isEqualTo("fresh");
        assertThat(reply.at("/enrichment/dynamic_info/status").asText()).isEqualTo("fresh");
        assertThat(serai.repliesTo("all")).hasSize(1);
    }

    @Test
    void eventThatTheProviderRefuses_isToldWhereItsEnrichmentIsFrom() {
        serai.standIn()
                .script(FaultScript.once(Fault.status(422, "no such scene")).onPath("/connect"));

        converse(Incoming.event("nobody", "{'event_id':'refused','character_id':'c','scene_ref':'nowhere'}"));

        JsonNode reply = serai.replyTo("refused");
        assertThat(reply.at("/error/category").asText()).isEqualTo("invalid_request");
        assertThat(reply.at("/enrichment/scene/source").asText()).isEqualTo("scenes");
        assertThat(reply.at("/enrichment/dynamic_info/source").asText()).isEqualTo("customers");
        WireSchemas.assertReply(reply);
    }

    @Test
    void malformedEvent_isAskedAboutNowhere() {
        OriginalRecord event = Incoming.event("learner-1", "{'event_id':'malformed','scene_ref':'harbour'}");

        converse(event);

        assertThat(paths()).isEmpty();
        JsonNode reply = serai.replyTo("malformed");
        assertThat(reply.at("/error/category").asText()).isEqualTo("invalid_event");
        assertThat(reply.has("enrichment")).isFalse();
        assertThat(serai.deadLettersOf(event)).hasSize(1);
    }

    @Test
    void expiredEvent_isAskedAboutNowhere() {
        converse(Incoming.event(
                "learner-1",
                "{'event_id':'expired','character_id':'c','scene_ref':'harbour','expires_at':'2020-01-01T00:00:00Z'}"));

        assertThat(paths()).isEmpty();
        assertThat(serai.replyTo("expired").at("/error/category").asText()).isEqualTo("expired");
    }

    @Test
    void eventThatWasAnswered_isAskedAboutNowhere_andAnsweredAgain() {
        String event = "{'event_id':'again','character_id':'c','scene_ref':'harbour'}";
        converse(Incoming.event("learner-2", event));
        serai.standIn().clearCalls();

        Exchange done = converse(Incoming.event("learner-2", event));

        assertThat(done.getException()).isNull();
        assertThat(paths()).isEmpty();
        assertThat(serai.repliesTo("again"))
                .hasSize(2)
                .extracting(reply -> reply.path("room_name").asText())
                .containsOnly(serai.replyTo("again").path("room_name").asText());
    }

    @Test
    void eventWithoutReferences_isOnlyConnected() {
        converse(Incoming.event(null, "{'event_id':'no-refs','character_id':'c'}"));

        assertThat(paths()).containsExactly("/connect");
        JsonNode reply = serai.replyTo("no-refs");
        assertThat(reply.at("/enrichment/scene/status").asText()).isEqualTo("absent");
        assertThat(reply.at("/enrichment/dynamic_info/status").asText()).isEqualTo("absent");
    }

    @Test
    void rejectedEvent_isDoneForItsCaller() {
        Exchange done = converse(Incoming.event(
                "learner-1", "{'event_id':'rejected','character_id':'" + RunningSerai.UNKNOWN_CHARACTER + "'}"));

        assertThat(done.getException()).isNull();
        assertThat(serai.repliesTo("rejected")).hasSize(1);
    }

    @Test
    void nextEventOfTheConversation_resumesItsSession() {
        converse(Incoming.event("returning", "{'event_id':'first','character_id':'c'}"));
        converse(Incoming.event("returning", "{'event_id':'second','character_id':'c'}"));

        JsonNode first = serai.replyTo("first");
        JsonNode second = serai.replyTo("second");
        assertThat(first.path("continuity").asText()).isEqualTo("new");
        assertThat(second.path("continuity").asText()).isEqualTo("resumed");
        assertThat(second.path("character_session_id")).isEqualTo(first.path("character_session_id"));
    }

    private static Exchange converse(OriginalRecord event) {
        return serai.converse(event);
    }

    private static List<String> paths() {
        return serai.standIn().calls().stream().map(RecordedCall::path).toList();
    }
}
