package dev.serai.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class EnrichDynamicInfoRouteTest extends LookUpCases {
    EnrichDynamicInfoRouteTest() {
        super("/customers/", "context_ref", "dynamic_info");
    }

    @Override
    String answer(String text) {
        return "{\"text\":\"" + text + "\"}";
    }

    @Test
    void foundText_comesBehindTheEvents() {
        JsonNode reply = reply(withInlineText().put("context_ref", "learner-1"));

        assertThat(status(reply)).isEqualTo("fresh");
        assertThat(connectJson().at("/dynamic_info/text").asText())
                .startsWith("the event's own\n")
                .endsWith("Visited the maps room last week.");
        assertThat(connectJson().at("/dynamic_info/keep_in_context").asBoolean())
                .isTrue();
    }

    @Test
    void failure_leavesWhatTheEventSays() {
        serai.standIn().script(FaultScript.once(Fault.status(500)).onPath("/customers/"));

        JsonNode reply = reply(withInlineText().put("context_ref", "learner-1"));

        assertThat(status(reply)).isEqualTo("failed");
        assertThat(connectJson().at("/dynamic_info/text").asText()).isEqualTo("the event's own");
    }

    @Test
    void unknownReference_leavesWhatTheEventSays() {
        JsonNode reply = reply(withInlineText().put("context_ref", "nobody"));

        assertThat(status(reply)).isEqualTo("inline");
        assertThat(connectJson().at("/dynamic_info/text").asText()).isEqualTo("the event's own");
    }

    @Test
    void eventWithoutReference_isLookedUpByUser_thenSpeaker_thenKey() {
        reply(event().put("end_user_id", "user").put("speaker_id", "speaker"));
        reply(event().put("speaker_id", "speaker"));
        serai.converse(Incoming.event("key", event().toString()));

        assertThat(serai.standIn().calls().stream().map(call -> call.path()).filter(path -> path.startsWith("/cust")))
                .containsExactly("/customers/user", "/customers/speaker", "/customers/key");
    }

    private static ObjectNode withInlineText() {
        ObjectNode event = event();
        event.putObject("dynamic_info").put("text", "the event's own").put("keep_in_context", true);
        return event;
    }
}
