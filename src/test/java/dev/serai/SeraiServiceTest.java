package dev.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.RunningSerai;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SeraiServiceTest {
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai();
    }

    @AfterAll
    static void stop() {
        serai.close();
    }

    @Test
    void startEvent_isAnsweredWithRoom() {
        serai.publish("learner-1", "{\"event_id\":\"e1\",\"character_id\":\"c1\"}");

        JsonNode reply = serai.replyTo("e1");

        System.out.println(reply.toPrettyString());
        assertThat(reply.path("status").asText()).isEqualTo("started");
    }

    @Test
    void malformedEvent_isRejected() {
        var position = serai.publish("learner-1", "{\"event_id\":");

        System.out.println(serai.deadLetterOf(position).headers());
        System.out.println(serai.replies().size());
    }
}
