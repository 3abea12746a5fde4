package dev.serai.http;

import dev.serai.connect.TransportFailure;
import dev.serai.connect.answer.CallOutcome;
import dev.serai.testing.ConnectionServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.jspecify.annotations.Nullable;

/** Calls of a {@link BoundedHttpClient}, each with a name that its request carries. Thread-safe. */
final class ClientCalls implements AutoCloseable {
    /** The header with the call's name. */
    static final String NAME = "X-Call";

    static final int MAX_BYTES = 1 << 20;

    static final Duration PATIENT = Duration.ofSeconds(20);

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final HttpClientWatch watch = new HttpClientWatch("tenant test", meters);
    private final CloseableHttpClient client;

    static Transport transport(@Nullable ProxyServer proxy) {
        return new Transport(PATIENT, PATIENT, PATIENT, PATIENT, null, proxy);
    }

    /** A client with one connection, for an endpoint of Camel. */
    static BoundedHttpClient client(Transport transport, Map<String, Supplier<String>> headers) {
        return new BoundedHttpClient(
                new HttpClientWatch("tenant test", new SimpleMeterRegistry()), transport, 1, MAX_BYTES, headers);
    }

    ClientCalls(int connections) {
        this(connections, transport(null));
    }

    ClientCalls(int connections, Transport transport) {
        this(connections, transport, Map.of());
    }

    ClientCalls(int connections, Transport transport, Map<String, Supplier<String>> headers) {
        HttpClientBuilder builder = HttpClientBuilder.create();
        new BoundedHttpClient(watch, transport, connections, MAX_BYTES, headers).configureHttpClient(builder);
        client = builder.build();
    }

    /** How a call ended: with an answer, or with an exception. */
    record End(
            @Nullable Integer status,
            @Nullable String body,
            @Nullable Throwable failure) {
        CallOutcome outcome() {
            return TransportFailure.outcome(
                    Objects.requireNonNull(failure, () -> "answered with " + status + ": " + body));
        }
    }

    /** Connections that were closed because more came on them than was asked for. */
    double surplusAnswers() {
        return meters.get("serai.http.surplus.answers").counter().count();
    }

    /** How often the client got new connections because an error had broken it. */
    double renewals() {
        return meters.get("serai.http.client.renewals").counter().count();
    }

    /** Calls, and waits for the end. */
    End call(String url, String name) {
        return call(url, name, "{}".getBytes(StandardCharsets.US_ASCII));
    }

    End call(String url, String name, byte[] body) {
        HttpPost post = new HttpPost(url + "/connect");
        post.setHeader(NAME, name);
        post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
        try {
            return client.execute(
                    post,
                    response -> new End(
                            response.getCode(),
                            response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity()),
                            null));
        } catch (IOException | RuntimeException | Error e) {
            return new End(null, null, e);
        }
    }

    /** The name of the call that a request is of. */
    static String name(ConnectionServer.Connection connection) {
        return connection
                .request()
                .lines()
                .filter(line -> line.startsWith(NAME + ": "))
                .map(line -> line.substring(NAME.length() + 2))
                .findFirst()
                .orElseThrow(() -> new AssertionError("a request without a name: " + connection.request()));
    }

    /** An answer that says whose it is. */
    static String answer(String name) {
        return "HTTP/1.1 200 OK\nContent-Length: " + name.length() + "\n\n" + name;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
