package dev.serai.trial.standin;

import static dev.serai.trial.standin.StandInClient.detail;
import static dev.serai.trial.standin.StandInClient.json;
import static dev.serai.trial.standin.StandInClient.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StandInFaultsTest extends StandInFixture {

    @Override
    protected StandInOptions options() {
        return StandInOptions.defaults().withUnknownCharacters(Set.of("nobody"));
    }

    @Test
    void faultForSomeTimes_isFollowedByNormalAnswers() throws IOException {
        standIn.script(FaultScript.times(2, Fault.status(503)));

        assertThat(statuses("ada", 4)).containsExactly(503, 503, 200, 200);
    }

    @Test
    void faultForEver_lastsUntilFaultsAreCleared() throws IOException {
        standIn.script(FaultScript.always(Fault.status(500, "failed to start bot")));
        assertThat(statuses("ada", 3)).containsExactly(500, 500, 500);

        standIn.clearFaults();

        assertThat(statuses("ada", 1)).containsExactly(200);
    }

    @Test
    void scripts_arePlayedInTheOrderInWhichTheyCame() throws IOException {
        standIn.script(FaultScript.once(Fault.status(500)));
        standIn.script(FaultScript.times(2, Fault.status(502)));
        standIn.script(FaultScript.once(Fault.status(429)));

        assertThat(statuses("ada", 5)).containsExactly(500, 502, 502, 429, 200);
    }

    @Test
    void faultForACharacter_sparesTheOthers() throws IOException {
        standIn.script(FaultScript.always(Fault.status(503)).forCharacter("bob"));

        assertThat(statuses("ada", 1)).containsExactly(200);
        assertThat(statuses("bob", 1)).containsExactly(503);
    }

    @Test
    void statusFault_hasDetailAndRetryAfter() throws IOException {
        standIn.script(
                FaultScript.once(Fault.status(429, "Concurrency limit exceeded").withRetryAfter("7")));

        HttpResponse<String> response = client.connect("ada");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(detail(response)).isEqualTo("Concurrency limit exceeded");
        assertThat(standIn.calls().getFirst().sessionMade()).isFalse();
    }

    @Test
    void rawStatusFault_isSentAsItIs() throws IOException {
        standIn.script(FaultScript.once(Fault.rawStatus(400, "{\"message\":\"no\"}")));

        HttpResponse<String> response = client.connect("ada");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).isEqualTo("{\"message\":\"no\"}");
    }

    @Test
    void bareStatusFault_hasAnEmptyBodyAndNoRetryAfter() throws IOException {
        standIn.script(FaultScript.once(Fault.status(504)));

        HttpResponse<String> response = client.connect("ada");

        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValue("Retry-After")).isEmpty();
    }

    @Test
    void htmlFault_isAPage() throws IOException {
        standIn.script(FaultScript.once(Fault.html(502)));

        HttpResponse<String> response = client.connect("ada");

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(response.body()).startsWith("<html>");
    }

    @Test
    void resetBefore_resetsTheConnectionAndMakesNoSession() throws IOException {
        standIn.script(FaultScript.once(Fault.resetBefore()));

        try (Socket socket = client.rawConnect("ada")) {
            assertThatThrownBy(() -> StandInClient.readToEnd(socket))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }

        RecordedCall call = standIn.calls().getFirst();
        assertThat(call.fault()).isEqualTo(Fault.resetBefore());
        assertThat(call.sessionMade()).isFalse();
        assertThat(call.status()).isNull();
        assertThat(call.endedAt()).isNotNull();
    }

    @Test
    void resetAfter_resetsTheConnectionAndLeavesASession() throws IOException {
        standIn.script(FaultScript.once(Fault.resetAfter()));
        standIn.limitSessions(1, Duration.ofHours(1));

        try (Socket socket = client.rawConnect("ada")) {
            assertThatThrownBy(() -> StandInClient.readToEnd(socket))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }

        assertThat(standIn.calls().getFirst().sessionMade()).isTrue();
        assertThat(standIn.calls().getFirst().answer()).isNull();
        assertThat(client.connect("ada").statusCode()).isEqualTo(429);
    }

    @Test
    void reset_isAnIoErrorForAnHttpClient() {
        standIn.script(FaultScript.always(Fault.resetBefore()));

        assertThatThrownBy(() -> client.connect("ada")).isInstanceOf(IOException.class);
    }

    @Test
    void hang_endsWhenTheCallerGivesUp() {
        standIn.script(FaultScript.once(Fault.hang()));

        CompletableFuture<HttpResponse<String>> hanging = client.connectLater("ada");
        await().until(() -> standIn.calls().size() == 1);
        assertThat(standIn.calls().getFirst().endedAt()).isNull();

        hanging.cancel(true);

        await().until(() -> standIn.calls().getFirst().endedAt() != null);
        assertThat(standIn.calls().getFirst().status()).isNull();
        assertThat(standIn.calls().getFirst().sessionMade()).isFalse();
    }

    @Test
    void hangForATime_endsInAReset() throws IOException {
        standIn.script(FaultScript.once(Fault.hang(Duration.ofMillis(100))));
        long start = System.nanoTime();

        try (Socket socket = client.rawConnect("ada")) {
            assertThatThrownBy(() -> StandInClient.readToEnd(socket)).isInstanceOf(SocketException.class);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
    }

    @Test
    void thousandsOfHangingCalls_takeNoThreads() throws IOException {
        int calls = 2_000;
        standIn.script(FaultScript.always(Fault.hang()));
        client.rawConnect("warm-up").close();
        await().until(() -> standIn.calls().size() == 1);
        int threadsBefore = Thread.activeCount();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < calls; i++) {
                sockets.add(client.rawConnect("ada"));
            }
            await().until(() -> standIn.maxConcurrentCalls() >= calls);
            // Other tests begin threads meanwhile.
            assertThat(Thread.activeCount()).isLessThan(threadsBefore + calls / 4);
        } finally {
            sockets.forEach(StandInClient::close);
        }
        await().until(() -> standIn.calls().stream().allMatch(call -> call.endedAt() != null));
    }

    @Test
    void truncatedJson_hasAFittingLengthAndLeavesASession() throws IOException {
        standIn.script(FaultScript.once(Fault.truncatedJson()));

        HttpResponse<String> response = client.connect("ada");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.headers().firstValueAsLong("content-length"))
                .hasValue(response.body().length());
        assertThat(response.body()).startsWith("{\"session_id\":");
        assertThatThrownBy(() -> new JsonObject(response.body())).isInstanceOf(DecodeException.class);
        assertThat(standIn.calls().getFirst().sessionMade()).isTrue();
    }

    @Test
    void missingFields_leavesOutTheRequiredOnes() throws IOException {
        standIn.script(FaultScript.once(Fault.missingFields()));

        HttpResponse<String> response = client.connect("ada");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).fieldNames())
                .contains("token", "room_name")
                .doesNotContain("session_id", "character_session_id", "room_url");
        assertThat(standIn.calls().getFirst().sessionMade()).isTrue();
    }

    @Test
    void missingFieldsByName_leavesOutThose() throws IOException {
        standIn.script(FaultScript.once(Fault.missingFields("token")));

        assertThat(json(client.connect("ada")).fieldNames())
                .contains("session_id")
                .doesNotContain("token");
    }

    @Test
    void spoilingFault_onACallThatIsRefused_leavesTheRefusal() throws IOException {
        standIn.script(FaultScript.once(Fault.missingFields()));

        HttpResponse<String> response = client.connect("nobody");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(detail(response)).startsWith("Character not found");
    }

    @Test
    void delayFault_holdsBackTheNormalAnswer() throws IOException {
        standIn.script(FaultScript.once(Fault.delay(Duration.ofMillis(150), Duration.ofMillis(160))));
        long start = System.nanoTime();

        assertThat(client.connect("ada").statusCode()).isEqualTo(200);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
    }

    @Test
    void callsWithAWrongKeyOrABadBody_useUpNoFault() throws IOException {
        standIn.script(FaultScript.once(Fault.status(503)));

        assertThat(client.post("/connect", start("ada").encode()).statusCode()).isEqualTo(401);
        assertThat(client.connectRaw("{}").statusCode()).isEqualTo(422);
        assertThat(client.connect("ada").statusCode()).isEqualTo(503);
    }

    private List<Integer> statuses(String characterId, int calls) throws IOException {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            statuses.add(client.connect(characterId).statusCode());
        }
        return statuses;
    }
}
