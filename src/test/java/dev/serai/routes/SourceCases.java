package dev.serai.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.Incoming;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.wire.Json;
import dev.serai.wire.WireSchemas;
import java.io.IOException;
import java.util.UUID;

/** What tests of a source do: an event with references, and what it came to. */
final class SourceCases {
    private final RunningSerai serai;

    SourceCases(RunningSerai serai) {
        this.serai = serai;
    }

    /** An event with that {@code scene_ref} and {@code context_ref}, and nothing else to say. */
    static ObjectNode event(String reference) {
        return Json.MAPPER
                .createObjectNode()
                .put("event_id", UUID.randomUUID().toString())
                .put("character_id", "character-" + UUID.randomUUID())
                .put("scene_ref", reference)
                .put("context_ref", reference);
    }

    /** The same of another tenant. */
    static ObjectNode event(String tenant, String reference) {
        return event(reference).put("tenant", tenant);
    }

    /** The reply to the event, whatever it is. */
    JsonNode reply(ObjectNode event) {
        serai.converse(Incoming.bytes(null, Incoming.utf8(event.toString())));
        JsonNode reply = serai.replyTo(event.path("event_id").asText());
        WireSchemas.assertReply(reply);
        return reply;
    }

    /** The reply's word for where a piece came from. */
    static String status(JsonNode reply, String piece) {
        return reply.at("/enrichment/" + piece + "/status").asText();
    }

    /** What the provider was called with for the event. */
    JsonNode call(ObjectNode event) {
        RecordedCall call =
                serai.connectCalls(event.path("character_id").asText()).getFirst();
        try {
            return Json.MAPPER.readTree(call.body());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The event is answered with a room, without the piece. */
    void assertGoesOnWithout(ObjectNode event, String piece) {
        JsonNode reply = reply(event);
        assertThat(reply.path("status").asText()).isEqualTo("started");
        assertThat(status(reply, piece)).isEqualTo("failed");
    }
}
