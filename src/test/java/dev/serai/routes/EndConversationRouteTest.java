package dev.serai.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.WireSchemas;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An end event leaves the line for a route of its own, and is answered there. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class EndConversationRouteTest {
    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai();
    }

    @Test
    void endEvent_isAnswered_andNothingIsLookedUpOrCalled() {
        OriginalRecord event = Incoming.event(
                "hangs-up",
                "{'action':'end','event_id':'ended','character_id':'of-end-event','reason':'left','ttl_ms':1}",
                Incoming.header("kafka_correlationId", "42"));

        Exchange done = serai.converse(event);

        assertThat(done.getException()).isNull();
        JsonNode reply = serai.replyTo("ended");
        WireSchemas.assertReply(reply);
        assertThat(reply.path("status").asText()).isEqualTo("ended");
        assertThat(reply.path("conversation_key").asText()).isEqualTo("hangs-up");
        assertThat(reply.path("character_id").asText()).isEqualTo("of-end-event");
        assertThat(reply.path("tenant").asText()).isEqualTo("default");
        assertThat(reply.path("reason").asText()).isEqualTo("left");
        assertThat(reply.path("ignored").get(0).asText()).isEqualTo("ttl_ms");
        assertThat(TopicReader.header(serai.replyRecordTo("ended"), "serai-status"))
                .isEqualTo("ended");
        assertThat(TopicReader.header(serai.replyRecordTo("ended"), "kafka_correlationId"))
                .isEqualTo("42");
        assertThat(serai.repliesTo("ended")).hasSize(1);
        assertThat(serai.deadLettersOf(event)).isEmpty();
        assertThat(serai.connectCalls("of-end-event")).isEmpty();
    }

    @Test
    void endEventOfTheWrongForm_isRejectedAsOthersAre() {
        OriginalRecord event = Incoming.event("hangs-up", "{'action':'finish','event_id':'wrong'}");

        serai.converse(event);

        assertThat(serai.replyTo("wrong").at("/error/category").asText()).isEqualTo("invalid_event");
        assertThat(serai.deadLettersOf(event)).hasSize(1);
    }
}
