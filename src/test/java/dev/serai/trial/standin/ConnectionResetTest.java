package dev.serai.trial.standin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ConnectionResetTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void connectionThatItsCallerHasClosed_isLeftAsItIs() throws Exception {
        var called = new CompletableFuture<HttpConnection>();
        var closed = new CompletableFuture<Void>();
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> {
                    request.connection().closeHandler(closed::complete);
                    called.complete(request.connection());
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        try (var caller = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
            caller.getOutputStream().write("GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(US_ASCII));
            called.get();
        }
        closed.get();

        assertThatCode(() -> ConnectionReset.reset(called.get())).doesNotThrowAnyException();
    }
}
