package dev.serai.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.ConnectionServer;
import dev.serai.testing.LogLines;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that ends in an error of this process: others do not. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ClientRenewalTest {
    private static final Transport TRANSPORT = new Transport(
            ClientCalls.PATIENT, ClientCalls.PATIENT, ClientCalls.PATIENT, ClientCalls.PATIENT, null, null);

    @Test
    void errorOfACall_endsThatCallOnly() throws Exception {
        AtomicReference<@Nullable Error> error = new AtomicReference<>();
        CompletableFuture<Void> underWay = new CompletableFuture<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (LogLines log = new LogLines(HttpClientWatch.class);
                ConnectionServer server = new ConnectionServer(connection -> {
                    connection.readRequest();
                    if (ClientCalls.name(connection).equals("under-way")) {
                        underWay.complete(null);
                        over.join();
                    }
                    connection.write(ClientCalls.answer(ClientCalls.name(connection)));
                });
                ClientCalls client = new ClientCalls(2, TRANSPORT, Map.of("X-Key", () -> {
                    Error thrown = error.getAndSet(null);
                    if (thrown != null) {
                        throw thrown;
                    }
                    return "key";
                }))) {
            String url = "http://127.0.0.1:" + server.port();
            CompletableFuture<ClientCalls.End> other =
                    CompletableFuture.supplyAsync(() -> client.call(url, "under-way"));
            underWay.join();
            error.set(new StackOverflowError());

            ClientCalls.End broken = client.call(url, "broken");

            assertThat(broken.failure()).isInstanceOf(StackOverflowError.class);
            for (int call = 0; call < 5; call++) {
                assertThat(client.call(url, "call-" + call).body()).isEqualTo("call-" + call);
            }
            over.complete(null);
            assertThat(other.get(20, TimeUnit.SECONDS).body()).isEqualTo("under-way");
            assertThat(client.renewals()).isEqualTo(1);
            assertThat(log.with("tenant test"))
                    .singleElement()
                    .asString()
                    .contains("WARN", "StackOverflowError", "has been renewed");
        }
    }

    /** Each one anew, as an error can come with every call. */
    @Test
    void errorOfEveryOtherCall_leavesTheOthersAnswered() throws Exception {
        AtomicReference<@Nullable Error> error = new AtomicReference<>();
        try (ConnectionServer server = new ConnectionServer(connection -> {
                    connection.readRequest();
                    connection.write(ClientCalls.answer(ClientCalls.name(connection)));
                });
                ClientCalls client = new ClientCalls(1, TRANSPORT, Map.of("X-Key", () -> {
                    Error thrown = error.getAndSet(null);
                    if (thrown != null) {
                        throw thrown;
                    }
                    return "key";
                }))) {
            String url = "http://127.0.0.1:" + server.port();
            for (int call = 0; call < 20; call++) {
                error.set(new AssertionError("a defect"));
                assertThat(client.call(url, "broken").failure()).isInstanceOf(AssertionError.class);
                assertThat(client.call(url, "call-" + call).body()).isEqualTo("call-" + call);
            }
            assertThat(client.renewals()).isEqualTo(20);
        }
    }
}
