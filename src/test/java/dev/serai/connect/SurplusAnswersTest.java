package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.ConnectionServer;
import dev.serai.testing.ConnectionServer.Connection;
import dev.serai.testing.LogLines;
import dev.serai.testing.RunningSerai;
import dev.serai.wire.Json;
import dev.serai.wire.WireSchemas;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway that sends an answer too many now and then, from Kafka to Kafka. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class SurplusAnswersTest {
    private static final int EVENTS = 200;

    @Test
    void noReply_hasAnotherEventsRoom_andTheOperatorIsTold() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        try (LogLines log = LogLines.ofAll();
                ConnectionServer provider = new ConnectionServer(connection -> {
                    while (connection.readRequest()) {
                        String answer = answer(connection);
                        switch (answers.incrementAndGet() % 20) {
                            // With it, and right behind it.
                            case 0 -> connection.write(answer + answer);
                            case 10 -> {
                                connection.write(answer);
                                connection.write(answer);
                            }
                            default -> connection.write(answer);
                        }
                    }
                });
                RunningSerai serai = new RunningSerai(
                        RunningSerai.withoutSources(Map.of()),
                        backends -> RunningSerai.withProvider(
                                backends, URI.create("http://127.0.0.1:" + provider.port()), RunningSerai.API_KEY))) {
            for (int event = 0; event < EVENTS; event++) {
                serai.publish(
                        "key-" + event, "{\"event_id\":\"e-" + event + "\",\"character_id\":\"c-" + event + "\"}");
            }

            int started = 0;
            for (int event = 0; event < EVENTS; event++) {
                JsonNode reply = serai.replyTo("e-" + event);
                WireSchemas.assertReply(reply);
                if (reply.path("status").asText().equals("started")) {
                    started++;
                    assertThat(reply.path("room_name").asText()).isEqualTo("room of c-" + event);
                }
            }
            assertThat(started)
                    .as("an answer that is not believed is asked for again")
                    .isEqualTo(EVENTS);
            assertThat(serai.page("/metrics").body().lines())
                    .anyMatch(line ->
                            line.matches("serai_http_surplus_answers_total\\{client=\"tenant default\"} [1-9]\\d*\\.0"))
                    .contains("serai_http_client_renewals_total{client=\"tenant default\"} 0.0");
            assertThat(serai.page("/health?data=true").body())
                    .containsPattern("\"tenant default\\.surplus_answers\"\\s*:\\s*\"?[1-9]");
            assertThat(log.with("More came on a connection of tenant default")).isNotEmpty();
        }
    }

    private static String answer(Connection connection) throws IOException {
        String character =
                Json.MAPPER.readTree(connection.body()).path("character_id").asText();
        String room = "{\"session_id\":\"s\",\"character_session_id\":\"cs\",\"room_url\":\"wss://rooms.example\","
                + "\"room_name\":\"room of " + character + "\",\"token\":\"t\",\"speaker_id\":null}";
        return "HTTP/1.1 200 OK\nContent-Length: " + room.length() + "\n\n" + room;
    }
}
