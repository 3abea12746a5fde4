package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.observe.DeadLetterLog;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.LogLines;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the provider repeats what it has handed out, and what may be shown of its answers. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class AnswerSecretsTest {
    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai(RunningSerai.withoutSources(Map.of()));
    }

    /** Issue 15: a websocket's address is a secret as a whole, and each character's session is one. */
    @Test
    void websocketsAndCharactersSessions_areMaskedWhereTheProviderRepeatsThem() {
        String session = UUID.randomUUID().toString();
        String first = UUID.randomUUID().toString();
        String url = "wss://live.example/chat?session_id=" + session;
        answer(
                200,
                "{'session_id':'" + session + "','character_session_id':'cs','room_url':'" + url
                        + "','room_name':null,'token':'','characters':[{'session_id':'" + first + "'}]}");
        serai.publish("key", Incoming.json("{'event_id':'room','character_id':'c'}"));
        assertThat(serai.replyTo("room").at("/characters/0/session_id").asText())
                .isEqualTo(first);
        for (String quoted : List.of(
                "no access to " + url + " for " + first,
                "nobody is at /chat (" + session.toUpperCase(Locale.ROOT) + "), but at " + first)) {
            String id = "quoted-" + UUID.randomUUID();
            answer(400, "{'detail':'" + quoted + "'}");
            try (LogLines log = LogLines.ofAll()) {
                RecordMetadata position =
                        serai.publish("key", Incoming.json("{'event_id':'" + id + "','character_id':'c'}"));

                String reply = serai.replyTo(id).toString();
                String letter = TopicReader.header(serai.deadLetterOf(position), "serai-error-detail");
                await("the event's log line").until(() -> !log.with("[masked]").isEmpty());
                for (String shown : List.of(reply, letter, String.join("\n", log.with("")))) {
                    assertThat(shown)
                            .contains("[masked]")
                            .doesNotContainIgnoringCase(session)
                            .doesNotContainIgnoringCase(first);
                }
            }
        }
    }

    /** Of the event's latest call: a call that has none takes no other's. */
    @Test
    void traceOfTheRequest_isAFieldOfTheEventsLogLines() {
        try (LogLines log = LogLines.withFields(DeadLetterLog.class)) {
            answer(503, "{'detail':'down','request_trace_id':'req_1'}");
            answer(422, "{'detail':'wrong','request_trace_id':'req_2'}");
            JsonNode traced = failed("traced");
            answer(503, "{'detail':'down','request_trace_id':'req_3'}");
            answer(422, "{'detail':'wrong'}");
            JsonNode untraced = failed("untraced");

            assertThat(traced.at("/error/request_trace_id").asText()).isEqualTo("req_2");
            assertThat(log.with("event_id=traced")).singleElement().asString().contains("request_trace_id=req_2");
            assertThat(untraced.path("error").has("request_trace_id")).isFalse();
            assertThat(log.with("event_id=untraced")).singleElement().asString().doesNotContain("req_");
        }
    }

    private static void answer(int status, String body) {
        serai.standIn().script(FaultScript.once(Fault.rawStatus(status, Incoming.json(body))));
    }

    private static JsonNode failed(String id) {
        RecordMetadata position =
                serai.publish("key-" + id, Incoming.json("{'event_id':'" + id + "','character_id':'c'}"));
        JsonNode reply = serai.replyTo(id);
        serai.awaitCommitted(position);
        return reply;
    }
}
