package dev.serai.trial.standin;

import static dev.serai.trial.standin.StandInClient.badRequest;
import static dev.serai.trial.standin.StandInClient.detail;
import static dev.serai.trial.standin.StandInClient.json;
import static dev.serai.trial.standin.StandInClient.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.trial.standin.SessionRules.ForeignSession;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class StandInSessionsTest extends StandInFixture {

    @Override
    protected StandInOptions options() {
        return StandInOptions.defaults().withOtherApiKeys(List.of(OTHER_KEY));
    }

    @Test
    void knownSession_isContinued() throws IOException {
        String session = openSession("ada");

        HttpResponse<String> response = client.connect(start("ada").put("character_session_id", session));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).getString("character_session_id")).isEqualTo(session);
    }

    @Test
    void unknownSession_is404() throws IOException {
        HttpResponse<String> response = client.connect(start("ada").put("character_session_id", "no-such-session"));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("{\"detail\":\"session_not_found: Session not found\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "invalid_character_session_id, Invalid character_session_id",
        "invalid_session_id_text, invalid session id",
        "invalid_session_id, invalid session_id",
        "invalid_uuid, invalid uuid",
        "invalid_uuid_format, invalid uuid format",
    })
    void unknownSession_byTheOlderReadings_is400(String reading, String detail) throws IOException {
        client.put("/_standin/session-rules", "{\"gone_session\":\"" + reading + "\"}");

        assertThat(badRequest(client.connect(start("ada").put("character_session_id", "no-such-session"))))
                .isEqualTo(detail);
    }

    @Test
    void sessionOfAnotherKey_is403_orUnclear_orGone() throws IOException {
        String session = json(client.connectAs(OTHER_KEY, start("ada"))).getString("character_session_id");
        JsonObject request = start("ada").put("character_session_id", session);

        HttpResponse<String> forbidden = client.connect(request);
        standIn.sessionRules(SessionRules.defaults().withForeignSession(ForeignSession.UNCLEAR));
        HttpResponse<String> unclear = client.connect(request);
        standIn.sessionRules(SessionRules.defaults().withForeignSession(ForeignSession.GONE));
        HttpResponse<String> gone = client.connect(request);

        assertThat(forbidden.statusCode()).isEqualTo(403);
        assertThat(detail(forbidden)).isEqualTo("session_forbidden: The session belongs to another account");
        assertThat(unclear.statusCode()).isEqualTo(403);
        assertThat(detail(unclear)).isEqualTo("Forbidden");
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(standIn.sessionCounts().sessionsOpened()).isEqualTo(1);
    }

    @Test
    void sessionOfAnotherCharacter_is404() throws IOException {
        String session = openSession("ada");

        HttpResponse<String> response = client.connect(start("bob").put("character_session_id", session));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(detail(response)).startsWith("session_not_found");
    }

    @Test
    void forgottenSession_is404() throws IOException {
        String session = openSession("ada");
        standIn.forgetSessions();

        assertThat(client.connect(start("ada").put("character_session_id", session))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void callAboveTheLimit_is429() throws IOException {
        standIn.limitSessions(2, Duration.ofHours(1));
        openSession("ada");
        openSession("bob");

        HttpResponse<String> response = client.connect("cleo");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(detail(response)).startsWith("Concurrency limit ").doesNotContain("speaker");
        assertThat(standIn.calls().getLast().sessionMade()).isFalse();
    }

    @Test
    void placeOfTheLimit_isFreeAgainAfterItsTime() throws IOException {
        standIn.limitSessions(1, Duration.ofMillis(200));
        openSession("ada");
        assertThat(client.connect("bob").statusCode()).isEqualTo(429);

        await().atMost(Duration.ofSeconds(20)).until(() -> client.connect("bob").statusCode() == 200);
    }

    @Test
    void limitLifted_letsEveryCallIn() throws IOException {
        standIn.limitSessions(0, Duration.ofHours(1));
        assertThat(client.connect("ada").statusCode()).isEqualTo(429);

        standIn.unlimitSessions();

        assertThat(client.connect("ada").statusCode()).isEqualTo(200);
    }

    @Test
    void refusedCalls_takeNoPlaceOfTheLimit() throws IOException {
        standIn.limitSessions(1, Duration.ofHours(1));
        client.connect(start("ada").put("character_session_id", "no-such-session"));
        client.connectRaw("{}");

        assertThat(client.connect("ada").statusCode()).isEqualTo(200);
    }

    @Test
    void limitBelowZero_isRefused() {
        assertThatThrownBy(() -> standIn.limitSessions(-1, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the session limit must be at least 0, was -1");
    }

    private String openSession(String characterId) throws IOException {
        HttpResponse<String> response = client.connect(characterId);
        assertThat(response.statusCode()).isEqualTo(200);
        return json(response).getString("character_session_id");
    }
}
