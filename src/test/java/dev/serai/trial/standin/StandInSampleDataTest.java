package dev.serai.trial.standin;

import static dev.serai.trial.standin.StandInClient.detail;
import static dev.serai.trial.standin.StandInClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class StandInSampleDataTest extends StandInFixture {

    @TempDir
    private Path outside;

    @Override
    protected StandInOptions options() {
        return StandInOptions.defaults().withDataDirectory(outside.resolve("data"));
    }

    @BeforeEach
    void writeFiles() throws IOException {
        Files.createDirectories(outside.resolve("data/scenes/deeper"));
        Files.createDirectories(outside.resolve("data/customers"));
        Files.writeString(
                outside.resolve("data/scenes/café.json"), "[{\"name\":\"bar\",\"description\":\"Ein Café.\"}]");
        Files.writeString(outside.resolve("data/scenes/deeper/scene.json"), "[]");
        Files.writeString(outside.resolve("data/customers/ann@example.com.json"), "{\"text\":\"Ann likes tea.\"}");
        Files.writeString(outside.resolve("data/secret.json"), "{}");
        Files.writeString(outside.resolve("secret.json"), "{}");
    }

    @Test
    void scene_isTheFileOfItsReference() throws IOException {
        HttpResponse<String> response = client.get("/scenes/caf%C3%A9");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(new JsonArray(response.body()).getJsonObject(0).getString("description"))
                .isEqualTo("Ein Café.");
    }

    @Test
    void customer_isTheFileOfItsReference() throws IOException {
        assertThat(json(client.get("/customers/ann@example.com")).getString("text"))
                .isEqualTo("Ann likes tea.");
    }

    @Test
    void fileThatChanges_isReadAnew() throws IOException {
        Files.writeString(outside.resolve("data/customers/bob.json"), "{\"text\":\"old\"}");
        client.get("/customers/bob");
        Files.writeString(outside.resolve("data/customers/bob.json"), "{\"text\":\"new\"}");

        assertThat(json(client.get("/customers/bob")).getString("text")).isEqualTo("new");
    }

    @Test
    void unknownReference_is404() throws IOException {
        HttpResponse<String> response = client.get("/scenes/nowhere");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(detail(response)).isEqualTo("Nothing under scenes for this reference");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..%2Fsecret",
                "..%2f..%2fsecret",
                "%2e%2e%2fsecret",
                "..%5Csecret",
                "deeper%2Fscene",
                "deeper/scene",
                "%00",
                "..",
                ".",
            })
    void referenceThatLeadsOutOfTheDirectory_is404(String ref) throws IOException {
        assertThat(client.get("/scenes/" + ref).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scenes/../secret", "/scenes/../../secret", "/scenes/./../secret", "/scenes//../secret"})
    void pathThatNoClientWouldSend_is404(String path) throws IOException {
        try (Socket socket = client.raw("GET " + path + " HTTP/1.1\r\nHost: standin\r\nConnection: close\r\n\r\n")) {
            assertThat(StandInClient.readToEnd(socket)).startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void referenceToAnAbsolutePath_is404() throws IOException {
        String absolute = outside.resolve("secret").toString().replace("/", "%2F");

        assertThat(client.get("/scenes/" + absolute).statusCode()).isEqualTo(404);
    }

    @Test
    void sampleData_canBeSlowedAndFailed() throws IOException {
        standIn.script(FaultScript.once(Fault.status(503)).onPath("/customers/"));
        standIn.script(FaultScript.once(Fault.delay(Duration.ofMillis(100), Duration.ofMillis(100)))
                .onPath("/customers/"));
        standIn.script(FaultScript.once(Fault.truncatedJson()).onPath("/customers/"));

        assertThat(client.get("/customers/ann@example.com").statusCode()).isEqualTo(503);
        long start = System.nanoTime();
        assertThat(client.get("/customers/ann@example.com").statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(client.get("/customers/ann@example.com").body()).isEqualTo("{\"text\":\"Ann");
        assertThat(client.connect("ada").statusCode()).isEqualTo(200);
    }

    @Test
    void latency_isForConnectOnly() throws IOException {
        standIn.latency(Duration.ofHours(1), Duration.ofHours(1));

        assertThat(client.get("/customers/ann@example.com").statusCode()).isEqualTo(200);
    }

    @Test
    void enrichmentCalls_areRecordedAndNotCountedAsConnects() throws IOException {
        client.get("/customers/ann@example.com");

        assertThat(standIn.calls()).extracting(RecordedCall::path).containsExactly("/customers/ann@example.com");
        assertThat(standIn.maxConcurrentCalls()).isZero();
    }
}
