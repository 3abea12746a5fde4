package dev.serai.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;

/** {@code POST /connect} with the JDK's client. Thread-safe. */
final class ConnectClient {
    private final HttpClient client;
    private final URI uri;
    private final String apiKey = ContenderTask.apiKey();

    ConnectClient(URI provider, ExecutorService threads) {
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(threads)
                .build();
        uri = URI.create(provider + "/connect");
    }

    /** The reply to an event; blocks until the provider has answered. */
    byte[] replyTo(byte[] event) throws IOException, InterruptedException {
        ReceivedEvent received = ReceivedEvent.read(event);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("X-API-Key", apiKey)
                .POST(BodyPublishers.ofByteArray(received.request()))
                .build();
        HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException("the provider answered " + answer.statusCode());
        }
        return received.reply(answer.body());
    }
}
