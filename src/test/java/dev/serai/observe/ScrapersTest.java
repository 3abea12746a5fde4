package dev.serai.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.RunningSerai;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What asks for health and metrics sends whatever it sends, and is answered. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ScrapersTest {
    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        serai = new RunningSerai();
    }

    /** As these send it by default; see the projects' own sources. */
    static Stream<Arguments> accepts() {
        return Stream.of(
                argumentSet("no header", (String) null),
                argumentSet("curl", "*/*"),
                argumentSet("empty", ""),
                argumentSet("text", "text/plain"),
                argumentSet("browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
                argumentSet("json", "application/json"),
                argumentSet("nothing that there is", "image/png"),
                argumentSet("no media type", "metrics, please"),
                argumentSet(
                        "Prometheus 2.42",
                        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"),
                argumentSet(
                        "Prometheus 3",
                        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;"
                                + "version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
                                + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1"),
                argumentSet("Datadog", "text/plain"),
                argumentSet(
                        "Datadog, latest format",
                        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1"),
                argumentSet(
                        "prom2json",
                        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,"
                                + "text/plain;version=0.0.4;q=0.3"),
                argumentSet(
                        "prom2json, protobuf only",
                        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"));
    }

    @ParameterizedTest
    @MethodSource("accepts")
    void everyAccept_getsMetricsInAFormThatTheyAreSaidToHave(@Nullable String accept) throws Exception {
        Answer answer = ask("GET", "/metrics", accept);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\nserai_events_total{tenant=\"default\"} 0.0\n");
        boolean open = accept != null && accept.contains("openmetrics");
        assertThat(answer.header("content-type")).startsWith(open ? "application/openmetrics-text" : "text/plain");
        assertThat(answer.body().endsWith("# EOF\n")).as("ends as OpenMetrics").isEqualTo(open);
    }

    @ParameterizedTest
    @MethodSource("accepts")
    void everyAccept_getsHealth(@Nullable String accept) throws Exception {
        for (String path : new String[] {"/health", "/health/live", "/health/ready", "/health?data=true"}) {
            Answer answer = ask("GET", path, accept);

            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.header("content-type")).as(path).isEqualTo("application/json");
            JsonNode health = Json.MAPPER.readTree(answer.body());
            assertThat(health.path("status").asText()).as(path).isEqualTo("UP");
        }
    }

    @ParameterizedTest
    @MethodSource("accepts")
    void head_isAnsweredAsGetWithoutABody(@Nullable String accept) throws Exception {
        for (String path : new String[] {"/metrics", "/health", "/health/live", "/health/ready"}) {
            Answer answer = ask("HEAD", path, accept);

            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.body()).as(path).isEmpty();
            assertThat(answer.header("content-type"))
                    .as(path)
                    .isEqualTo(ask("GET", path, accept).header("content-type"));
        }
    }

    @Test
    void otherMethods_areRefused() throws Exception {
        assertThat(ask("POST", "/metrics", null).status()).isEqualTo(405);
        assertThat(ask("DELETE", "/health", null).status()).isEqualTo(405);
        assertThat(ask("GET", "/nothing", null).status()).isEqualTo(404);
    }

    private record Answer(int status, String head, String body) {
        String header(String name) {
            Optional<String> line = head.lines()
                    .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .findFirst();
            return line.orElse(":").substring(line.orElse(":").indexOf(':') + 1).strip();
        }
    }

    /** Byte by byte: the JDK's client has a say in what it sends, and waits for no body of a HEAD. */
    private static Answer ask(String method, String path, @Nullable String accept) throws IOException {
        URI uri = serai.service().observeUri();
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write((method + " " + uri.getPath() + path + " HTTP/1.1\r\nHost: serai\r\nConnection: close\r\n"
                            + (accept == null ? "" : "Accept: " + accept + "\r\n") + "\r\n")
                    .getBytes(UTF_8));
            out.flush();
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            return new Answer(
                    Integer.parseInt(answer.substring(9, 12)), answer.substring(0, end), answer.substring(end + 4));
        }
    }
}
