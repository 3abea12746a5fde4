package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.wire.StartConversation;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 15: whoever may publish can name any session; that must not stop a tenant. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ForeignSessionsTest {
    private static final int EVENTS = 1_000;

    /** One half is told so, the other half is told nothing but that it is forbidden. */
    @Test
    void foreignSessions_closeNoGate() {
        try (RunningSerai serai = new RunningSerai(RunningSerai.withoutSources(Map.of()))) {
            serai.standIn()
                    .script(FaultScript.always(Fault.status(403, "session_forbidden"))
                            .forCharacter("foreign"));
            for (int i = 0; i < EVENTS; i++) {
                String character =
                        switch (i % 20) {
                            case 7 -> "foreign";
                            case 17 -> "foreign-" + i;
                            default -> "c";
                        };
                if (i % 20 == 17) {
                    serai.standIn()
                            .script(FaultScript.once(Fault.status(403, "Forbidden"))
                                    .forCharacter(character));
                }
                serai.publish(
                        "key-" + i,
                        Incoming.json("{'event_id':'e" + i + "','character_id':'" + character + "'"
                                + (character.equals("c") ? "}" : ",'character_session_id':'s" + i + "'}")));
            }

            Map<String, Integer> outcomes = new HashMap<>();
            for (int i = 0; i < EVENTS; i++) {
                JsonNode reply = serai.replyTo("e" + i);
                outcomes.merge(
                        reply.path("status").asText()
                                + reply.at("/error/category").asText(),
                        1,
                        Integer::sum);
            }

            assertThat(outcomes).isEqualTo(Map.of("started", EVENTS * 9 / 10, "failedsession_invalid", EVENTS / 10));
            assertThat(serai.connectCalls("foreign")).hasSize(EVENTS / 20);
            MeterRegistry meters = serai.meters();
            assertThat(meters.find("serai.connect.calls")
                            .tag("outcome", "credentials_refused")
                            .timer())
                    .as("calls that close the gate")
                    .isNull();
        }
    }

    /** An account that is refused as a whole, and is another one when it is mended: the session was the old one's. */
    @Test
    void sessionOfTheAccountBefore_closesNoGateOnceTheAccountIsMended() {
        try (RunningSerai serai =
                new RunningSerai(RunningSerai.withoutSources(Map.of("serai.connect.gate.credentials-probe", "20s")))) {
            serai.standIn().script(FaultScript.always(Fault.status(403, "Forbidden")));
            serai.publish(
                    "old",
                    Incoming.json("{'event_id':'old','character_id':'foreign','character_session_id':'not-ours',"
                            + "'ttl_ms':60000}"));
            await("it was the account: it is called without the session, too")
                    .until(() -> serai.connectCalls("foreign").stream()
                            .anyMatch(call ->
                                    call.status() != null && !call.body().contains("not-ours")));

            // The session is one that the other account does not know.
            serai.standIn().clearFaults();
            serai.standIn()
                    .script(FaultScript.once(Fault.status(403, "Forbidden")).forCharacter("foreign"));
            serai.service().gate(StartConversation.DEFAULT_TENANT).credentialsChanged();

            assertThat(serai.replyTo("old").at("/error/category").asText()).isEqualTo("session_invalid");
            assertThat(serai.connectCalls("foreign")).hasSize(4);
            assertThat(serai.meters()
                            .get("serai.connect.calls")
                            .tag("outcome", "credentials_refused")
                            .timer()
                            .count())
                    .as("calls that close the gate: of the account before")
                    .isOne();
        }
    }

    /** A session among the options, such as that of a room, is as foreign. */
    @Test
    void foreignSessionAmongTheOptions_closesNoGate() {
        try (RunningSerai serai =
                new RunningSerai(RunningSerai.withoutSources(Map.of("serai.connect.gate.credentials-probe", "20s")))) {
            serai.standIn()
                    .script(FaultScript.once(Fault.status(403, "Forbidden")).forCharacter("foreign"));
            serai.publish(
                    "key-of-room",
                    Incoming.json("{'event_id':'room','character_id':'foreign','ttl_ms':5000,"
                            + "'connect_options':{'room_session_id':'not-ours'}}"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> serai.connectCalls("foreign").stream().anyMatch(call -> call.status() != null));
            serai.publish("other", Incoming.json("{'event_id':'other','character_id':'c','ttl_ms':5000}"));

            assertThat(serai.replyTo("other").path("status").asText()).isEqualTo("started");
            assertThat(serai.replyTo("room").at("/error/category").asText()).isEqualTo("session_invalid");
            assertThat(serai.connectCalls("foreign")).hasSize(2);
            assertThat(serai.connectCalls("foreign").getLast().body()).doesNotContain("room_session_id");
            await("end of the room that nobody wants")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> serai.standIn().openRooms().size() == 1);
        }
    }
}
