package dev.serai.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class EnrichSceneRouteTest extends LookUpCases {
    EnrichSceneRouteTest() {
        super("/scenes/", "scene_ref", "scene");
    }

    @Override
    String answer(String text) {
        return "[{\"name\":\"thing\",\"description\":\"" + text + "\"}]";
    }

    @Test
    void foundElements_comeBehindThoseOfTheEvent() {
        JsonNode reply = reply(withInlineScene().put("scene_ref", "harbour"));

        assertThat(status(reply)).isEqualTo("fresh");
        assertThat(connectJson().path("scene_description").findValuesAsText("name"))
                .containsExactly("quay", "lamp", "pilot boat");
        assertThat(connectJson().at("/scene_description/0/description").asText())
                .isEqualTo("the event's own");
    }

    @Test
    void failure_leavesWhatTheEventSays() {
        serai.standIn().script(FaultScript.once(Fault.status(500)).onPath("/scenes/"));

        JsonNode reply = reply(withInlineScene().put("scene_ref", "harbour"));

        assertThat(status(reply)).isEqualTo("failed");
        assertThat(connectJson().path("scene_description")).hasSize(2);
    }

    @Test
    void unknownReference_leavesWhatTheEventSays() {
        JsonNode reply = reply(withInlineScene().put("scene_ref", "nowhere"));

        assertThat(status(reply)).isEqualTo("inline");
        assertThat(connectJson().path("scene_description")).hasSize(2);
    }

    @Test
    void emptyScene_isFound() {
        serai.standIn().script(FaultScript.once(Fault.rawStatus(200, "[]")).onPath("/scenes/"));

        assertThat(status(reply("harbour"))).isEqualTo("fresh");
        assertThat(connectJson().has("scene_description")).isFalse();
    }

    @Test
    void sourceThatRefusesConnections_isGoneOnWithout() {
        String nobody = "http://127.0.0.1:1";
        try (RunningSerai alone = new RunningSerai(
                Map.of("serai.sources.scenes.base-url", nobody, "serai.sources.customers.base-url", nobody))) {
            alone.publish("key", "{\"event_id\":\"refused\",\"character_id\":\"c\",\"scene_ref\":\"harbour\"}");

            JsonNode reply = alone.replyTo("refused");

            assertThat(reply.at("/enrichment/scene/status").asText()).isEqualTo("failed");
            assertThat(reply.at("/enrichment/dynamic_info/status").asText()).isEqualTo("failed");
            assertThat(reply.path("status").asText()).isEqualTo("started");
        }
    }

    @Test
    void noSource_isNothingToLookUp() {
        try (RunningSerai alone = new RunningSerai(RunningSerai.withoutSources(Map.of()))) {
            alone.publish("key", "{\"event_id\":\"none\",\"character_id\":\"c\",\"scene_ref\":\"harbour\"}");

            assertThat(alone.replyTo("none").at("/enrichment/scene/status").asText())
                    .isEqualTo("absent");
            assertThat(alone.standIn().calls()).hasSize(1);
        }
    }

    private static ObjectNode withInlineScene() {
        ObjectNode event = event();
        event.putArray("scene_description")
                .add(event.objectNode().put("name", "quay").put("description", "the event's own"))
                .add(event.objectNode().put("name", "lamp").put("description", "red"));
        return event;
    }
}
