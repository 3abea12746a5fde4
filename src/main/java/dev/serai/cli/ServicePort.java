package dev.serai.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.service.ObserveCall;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A running service's HTTP port, as commands ask it.
 *
 * @param address {@code HOST:PORT}
 */
record ServicePort(String address) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK = 200;

    private static final String WAITING = "/observe/waiting";

    /** The one of the settings; empty if they leave the port open. */
    static Optional<ServicePort> of(SeraiSettings.Http http) {
        if (http.port() == 0) {
            return Optional.empty();
        }
        // A service that listens on all addresses is asked on this machine's own.
        boolean all = http.host().equals("0.0.0.0") || http.host().equals("::");
        String host = all ? "127.0.0.1" : http.host();
        return Optional.of(new ServicePort((host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + http.port()));
    }

    /** Whether it has the form of one. */
    boolean isAddress() {
        try {
            URI uri = URI.create("http://" + address + WAITING);
            return uri.getHost() != null && uri.getPort() > 0 && address.equals(uri.getHost() + ":" + uri.getPort());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Who waits there.
     *
     * @param query as {@code src/docs/metrics.md} describes it
     * @throws IOException with a message for the user, if no Serai answers
     */
    JsonNode waiting(String query) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get(WAITING + "?" + query);
        JsonNode report = answer.statusCode() == OK ? json(answer) : null;
        if (report != null && report.path("events").isArray()) {
            return report;
        }
        throw new IOException("what answers at " + address + " is no Serai of this version: GET " + WAITING
                + " came to status " + answer.statusCode());
    }

    /**
     * What its health says is wrong; empty if nothing is, or it does not say.
     *
     * @throws IOException with a message for the user, if nothing answers
     */
    Optional<String> problem() throws IOException, InterruptedException {
        JsonNode health = json(get("/observe/health"));
        return Optional.ofNullable(
                health == null ? null : health.path("problem").textValue());
    }

    private static @Nullable JsonNode json(HttpResponse<byte[]> answer) throws IOException {
        try {
            return Json.MAPPER.readTree(new String(answer.body(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        try {
            return ObserveCall.get(URI.create("http://" + address + path), PATIENCE);
        } catch (IOException | IllegalArgumentException e) {
            String what = e instanceof HttpTimeoutException
                    ? "has not answered to the end within " + PATIENCE.toSeconds() + " s"
                    : e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
            throw new IOException(
                    "no service answers at " + address + " (" + what
                            + "): is it running, and is that its serai.http.host and serai.http.port? --at HOST:PORT"
                            + " names another",
                    e);
        }
    }
}
