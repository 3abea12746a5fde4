package dev.serai.trial.standin;

import static dev.serai.trial.standin.StandInClient.detail;
import static dev.serai.trial.standin.StandInClient.json;
import static dev.serai.trial.standin.StandInClient.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StandInSessionsTest extends StandInFixture {

    @Test
    void knownSession_isContinued() throws IOException {
        String session = openSession("ada");

        HttpResponse<String> response = client.connect(start("ada").put("character_session_id", session));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).getString("character_session_id")).isEqualTo(session);
    }

    @Test
    void unknownSession_is400() throws IOException {
        HttpResponse<String> response = client.connect(start("ada").put("character_session_id", "no-such-session"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).isEqualTo("{\"detail\":\"Invalid character_session_id\"}");
    }

    @Test
    void sessionOfAnotherCharacter_is400() throws IOException {
        String session = openSession("ada");

        HttpResponse<String> response = client.connect(start("bob").put("character_session_id", session));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(detail(response)).isEqualTo("Invalid character_session_id");
    }

    @Test
    void forgottenSession_is400() throws IOException {
        String session = openSession("ada");
        standIn.forgetSessions();

        assertThat(client.connect(start("ada").put("character_session_id", session))
                        .statusCode())
                .isEqualTo(400);
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

        await().atMost(Duration.ofSeconds(10)).until(() -> client.connect("bob").statusCode() == 200);
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
