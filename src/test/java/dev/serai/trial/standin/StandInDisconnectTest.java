package dev.serai.trial.standin;

import static dev.serai.trial.standin.StandInClient.badRequest;
import static dev.serai.trial.standin.StandInClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.trial.standin.SessionCounts.End;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /disconnect}, and how else sessions end and free their slots. */
@Timeout(120)
class StandInDisconnectTest extends StandInFixture {

    @Test
    void disconnect_freesTheSlotAtOnce_andNeedsNoKey() throws IOException {
        standIn.limitSessions(1);
        String session = open("ada");
        assertThat(client.connect("bob").statusCode()).isEqualTo(429);

        HttpResponse<String> response = client.disconnect(session);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).getString("status")).isEqualTo("success");
        assertThat(client.connect("bob").statusCode()).isEqualTo(200);
        assertThat(standIn.sessionCounts().ended()).isEqualTo(Map.of(End.DISCONNECTED, 1L));
        assertThat(standIn.openRooms()).extracting(OpenRoom::characterIds).containsExactly(List.of("bob"));
    }

    @Test
    void sessionThatNobodyKnows_isASuccessToo() throws IOException {
        HttpResponse<String> response =
                client.disconnect(UUID.randomUUID().toString().toUpperCase(Locale.ROOT));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(standIn.sessionCounts().ended()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/disconnect",
                "/disconnect?session_id=",
                "/disconnect?session_id=nonsense",
                "/disconnect?session_id=1-1-1-1-1",
                "/disconnect?session=7b0a1c52-7d3e-4c80-9b7e-7a4f1f6f6f11"
            })
    void malformedId_is400_andUsesUpNoFault(String path) throws IOException {
        standIn.script(FaultScript.once(Fault.status(500)).onPath("/disconnect"));

        assertThat(badRequest(client.post(path, ""))).isEqualTo("Invalid session ID format");
        assertThat(client.disconnect(UUID.randomUUID().toString()).statusCode()).isEqualTo(500);
    }

    @Test
    void scriptedFaults_arePlayed_andThoseOfConnectAreNot() throws IOException {
        standIn.script(FaultScript.once(Fault.status(503)));
        standIn.script(FaultScript.once(Fault.status(500, "internal")).onPath("/disconnect"));
        standIn.script(FaultScript.once(Fault.resetBefore()).onPath("/disconnect"));
        standIn.script(FaultScript.once(Fault.hang(Duration.ofMillis(50))).onPath("/disconnect"));
        standIn.script(FaultScript.once(Fault.resetAfter()).onPath("/disconnect"));
        assertThat(client.connect("ada").statusCode()).isEqualTo(503);
        String session = open("ada");

        assertThat(client.disconnect(session).statusCode()).isEqualTo(500);
        assertThatThrownBy(() -> client.disconnect(session)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> client.disconnect(session)).isInstanceOf(IOException.class);
        assertThat(standIn.sessionCounts().openSessions()).isEqualTo(1);
        assertThatThrownBy(() -> client.disconnect(session)).isInstanceOf(IOException.class);
        assertThat(standIn.sessionCounts().openSessions()).isZero();
        assertThat(client.disconnect(session).statusCode()).isEqualTo(200);
    }

    @Test
    void disconnects_areRecordedAndCounted_andNoTextShowsTheSession() throws IOException {
        String session = open("ada");
        client.disconnect(session);

        RecordedCall call = standIn.calls().getLast();
        assertThat(call.path()).isEqualTo("/disconnect?session_id=" + session);
        assertThat(call.status()).isEqualTo(200);
        assertThat(call.toString()).contains("POST /disconnect,").doesNotContain(session);
        assertThat(json(client.get("/_standin/summary")).getInteger("disconnect_calls"))
                .isEqualTo(1);
    }

    @Test
    void sessionThatNobodyJoins_endsAfterTheIdleTimeOut() throws IOException {
        standIn.sessionRules(SessionRules.defaults().withIdleAfter(Duration.ofMillis(300)));
        standIn.limitSessions(1);
        open("ada");

        await().atMost(Duration.ofSeconds(20)).until(() -> client.connect("bob").statusCode() == 200);
        assertThat(standIn.sessionCounts().ended()).containsEntry(End.IDLE, 1L);
    }

    @Test
    void anotherMethod_is405() throws IOException {
        assertThat(client.get("/disconnect").statusCode()).isEqualTo(405);
    }

    private String open(String characterId) throws IOException {
        HttpResponse<String> response = client.connect(characterId);
        assertThat(response.statusCode()).isEqualTo(200);
        return json(response).getString("session_id");
    }
}
