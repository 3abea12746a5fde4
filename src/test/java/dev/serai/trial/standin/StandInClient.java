package dev.serai.trial.standin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Calls a stand-in as its users do: over HTTP, or byte by byte where an HTTP client would hide something. */
final class StandInClient implements AutoCloseable {

    static final String API_KEY = StandInOptions.defaults().apiKey();

    private final HttpClient http = HttpClient.newHttpClient();
    private final StandIn standIn;

    StandInClient(StandIn standIn) {
        this.standIn = standIn;
    }

    static JsonObject start(String characterId) {
        return new JsonObject().put("character_id", characterId);
    }

    HttpResponse<String> connect(String characterId) throws IOException {
        return connect(start(characterId));
    }

    HttpResponse<String> connect(JsonObject body) throws IOException {
        return send(connectRequest(body.encode(), API_KEY, "application/json"));
    }

    HttpResponse<String> connectRaw(String body) throws IOException {
        return send(connectRequest(body, API_KEY, "application/json"));
    }

    /** As another account, or as one that the stand-in does not know. */
    HttpResponse<String> connectAs(String apiKey, JsonObject body) throws IOException {
        return send(connectRequest(body.encode(), apiKey, "application/json"));
    }

    HttpResponse<String> disconnect(String sessionId) throws IOException {
        return post("/disconnect?session_id=" + sessionId, "");
    }

    CompletableFuture<HttpResponse<String>> connectLater(String characterId) {
        return http.sendAsync(
                connectRequest(start(characterId).encode(), API_KEY, "application/json"), BodyHandlers.ofString());
    }

    HttpRequest connectRequest(String body, String apiKey, String contentType) {
        return HttpRequest.newBuilder(uri("/connect"))
                .header("X-API-Key", apiKey)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    HttpResponse<String> get(String path) throws IOException {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    HttpResponse<String> delete(String path) throws IOException {
        return send(HttpRequest.newBuilder(uri(path)).DELETE().build());
    }

    HttpResponse<String> put(String path, String body) throws IOException {
        return send(HttpRequest.newBuilder(uri(path))
                .PUT(BodyPublishers.ofString(body))
                .build());
    }

    HttpResponse<String> post(String path, String body) throws IOException {
        return send(HttpRequest.newBuilder(uri(path))
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    URI uri(String path) {
        return standIn.baseUrl().resolve(path);
    }

    static JsonObject json(HttpResponse<String> response) {
        return new JsonObject(response.body());
    }

    static String detail(HttpResponse<String> response) {
        return json(response).getString("detail");
    }

    /** What a 400 says. */
    static String badRequest(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(400);
        return detail(response);
    }

    /** The only problem that a 422 reports. */
    static JsonObject problem(HttpResponse<String> response) {
        JsonArray detail = json(response).getJsonArray("detail");
        if (detail.size() != 1) {
            throw new AssertionError("one problem expected, was " + detail);
        }
        return detail.getJsonObject(0);
    }

    /** A connection on which a call for {@code characterId} has been sent and nothing has been read. */
    Socket rawConnect(String characterId) throws IOException {
        return raw(rawConnectRequest(characterId));
    }

    static String rawConnectRequest(String characterId) {
        String body = start(characterId).encode();
        return "POST /connect HTTP/1.1\r\nHost: standin\r\nX-API-Key: " + API_KEY
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** A connection on which {@code request} has been sent and nothing has been read. */
    Socket raw(String request) throws IOException {
        Socket socket = new Socket(standIn.baseUrl().getHost(), standIn.port());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** What comes back on a raw connection until it ends, or an exception if it is reset. */
    static String readToEnd(Socket socket) throws IOException {
        try (InputStream in = socket.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
