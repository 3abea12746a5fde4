package dev.serai.trial.standin;

import static dev.serai.trial.standin.StandInClient.json;
import static dev.serai.trial.standin.StandInClient.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StandInCallsTest extends StandInFixture {

    @Test
    void call_isRecordedWithRequestAndAnswer() throws IOException {
        Instant before = Instant.now();
        HttpResponse<String> response = client.send(HttpRequest.newBuilder(client.uri("/connect?trace=1"))
                .header("X-API-Key", StandInClient.API_KEY)
                .header("Content-Type", "application/json")
                .header("traceParent", "00-1-2-01")
                .POST(BodyPublishers.ofString(start("ada").encode()))
                .build());

        RecordedCall call = standIn.calls().getFirst();
        assertThat(call.number()).isEqualTo(1);
        assertThat(call.receivedAt()).isBetween(before, Instant.now());
        assertThat(call.endedAt()).isBetween(call.receivedAt(), Instant.now());
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo("/connect?trace=1");
        assertThat(call.headers()).containsKey("traceParent");
        assertThat(call.header("traceparent")).hasValue("00-1-2-01");
        assertThat(call.header("no-such-header")).isEmpty();
        assertThat(call.body()).isEqualTo("{\"character_id\":\"ada\"}");
        assertThat(call.characterId()).isEqualTo("ada");
        assertThat(call.fault()).isNull();
        assertThat(call.sessionMade()).isTrue();
        assertThat(call.status()).isEqualTo(200);
        assertThat(call.answer()).isEqualTo(response.body());
    }

    @Test
    void apiKey_isNotRecorded() throws IOException {
        client.connect("ada");

        assertThat(standIn.calls().getFirst().header("X-API-Key")).hasValue("***");
    }

    @Test
    void recordedCall_asText_showsNoCredentials() throws IOException {
        String body = client.connect("ada").body();
        JsonObject answer = new JsonObject(body);

        assertThat(standIn.calls().getFirst().toString())
                .contains("POST /connect", "ada", "200")
                .doesNotContain(answer.getString("token"), answer.getString("session_id"), StandInClient.API_KEY);
    }

    @Test
    void refusedCalls_areRecordedToo() throws IOException {
        client.connectRaw("{");
        client.post("/connect", start("ada").encode());
        client.get("/elsewhere");

        assertThat(standIn.calls()).extracting(RecordedCall::status).containsExactly(422, 401, 404);
        assertThat(standIn.calls()).extracting(RecordedCall::characterId).containsExactly(null, "ada", null);
    }

    @Test
    void fault_isRecordedWithItsCall() throws IOException {
        standIn.script(FaultScript.once(Fault.status(503, "busy")));
        client.connect("ada");
        client.connect("ada");

        assertThat(standIn.calls()).extracting(RecordedCall::fault).containsExactly(Fault.status(503, "busy"), null);
    }

    @Test
    void clearedCalls_areGone() throws IOException {
        client.connect("ada");
        standIn.clearCalls();
        client.connect("bob");

        assertThat(standIn.calls()).extracting(RecordedCall::characterId).containsExactly("bob");
        assertThat(standIn.maxConcurrentCalls()).isEqualTo(1);
    }

    @RepeatedTest(20)
    void callsOneAfterTheOther_areNeverConcurrent() throws IOException {
        for (int i = 0; i < 20; i++) {
            client.connect("ada");
        }

        assertThat(standIn.maxConcurrentCalls()).isEqualTo(1);
    }

    @Test
    void concurrentCalls_areCounted() {
        standIn.script(FaultScript.times(3, Fault.hang()));
        List<CompletableFuture<HttpResponse<String>>> hanging =
                IntStream.range(0, 3).mapToObj(i -> client.connectLater("ada")).toList();

        await().until(() -> standIn.calls().size() == 3);
        assertThat(standIn.maxConcurrentCalls()).isEqualTo(3);
        hanging.forEach(call -> call.cancel(true));
        await().until(() -> json(client.get("/_standin/summary")).getInteger("concurrent_now") == 0);
        assertThat(standIn.maxConcurrentCalls()).isEqualTo(3);

        standIn.clearCalls();
        assertThat(standIn.maxConcurrentCalls()).isZero();
    }

    @Test
    void latency_holdsBackEveryAnswer() throws IOException {
        standIn.latency(Duration.ofMillis(120), Duration.ofMillis(120));
        long start = System.nanoTime();

        assertThat(client.connect("ada").statusCode()).isEqualTo(200);
        assertThat(client.connectRaw("{").statusCode()).isEqualTo(422);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(240));
        standIn.latency(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void callerThatGivesUpDuringLatency_leavesASession() {
        standIn.latency(Duration.ofHours(1), Duration.ofHours(1));
        CompletableFuture<HttpResponse<String>> waiting = client.connectLater("ada");
        await().until(() -> standIn.calls().size() == 1);

        waiting.cancel(true);

        await().until(() -> standIn.calls().getFirst().endedAt() != null);
        assertThat(standIn.calls().getFirst().sessionMade()).isTrue();
        assertThat(standIn.calls().getFirst().status()).isNull();
    }

    @Test
    void latencyOutOfOrder_isRefused() {
        assertThatThrownBy(() -> standIn.latency(Duration.ofMillis(2), Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("latency");
    }

    @Test
    void latencyRange_isDrawnFromEndToEnd() {
        Latency latency = new Latency(Duration.ofMillis(3), Duration.ofMillis(5));

        assertThat(IntStream.range(0, 1_000).mapToObj(i -> latency.pickMillis()))
                .contains(3L, 4L, 5L)
                .allSatisfy(millis -> assertThat(millis).isBetween(3L, 5L));
    }
}
