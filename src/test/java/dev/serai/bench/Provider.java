package dev.serai.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.trial.standin.StandIn;
import dev.serai.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The stand-in, through its admin API. */
final class Provider implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI baseUrl;

    Provider(URI baseUrl) {
        this.baseUrl = baseUrl;
    }

    URI baseUrl() {
        return baseUrl;
    }

    /** How long every call takes from now on. */
    void latency(Duration latency) throws IOException, InterruptedException {
        send("/latency", HttpRequest.newBuilder().PUT(BodyPublishers.ofString("{\"ms\":" + latency.toMillis() + "}")));
    }

    /** Forgets the calls so far, and their counts. */
    void clearCalls() throws IOException, InterruptedException {
        send("/calls", HttpRequest.newBuilder().DELETE());
    }

    Calls calls() throws IOException, InterruptedException {
        JsonNode summary = Json.MAPPER.readTree(send("/summary", HttpRequest.newBuilder()));
        return new Calls(
                summary.get("connect_calls").intValue(),
                summary.get("max_concurrent").intValue());
    }

    /** The request of the first call that it still remembers. */
    String firstRequest() throws IOException, InterruptedException {
        return Json.MAPPER
                .readTree(send("/calls?limit=1", HttpRequest.newBuilder()))
                .at("/calls/0/body")
                .toString();
    }

    /**
     * The calls since they were last cleared.
     *
     * @param count how many
     * @param mostAtOnce the most that were in progress at any time
     */
    record Calls(int count, int mostAtOnce) {}

    private byte[] send(String path, HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = client.send(
                request.uri(URI.create(baseUrl + StandIn.ADMIN_PATH + path)).build(), BodyHandlers.ofByteArray());
        if (answer.statusCode() >= 300) {
            throw new IOException("the stand-in answered " + answer.statusCode() + " to " + path);
        }
        return answer.body();
    }

    @Override
    public void close() {
        client.close();
    }
}
