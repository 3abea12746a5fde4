package dev.serai.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.answer.CallOutcome;
import dev.serai.testing.ConnectionServer;
import dev.serai.testing.ConnectionServer.Connection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers one of whose parts does not end: as much of it is read as is bounded, and the next call is answered. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AnswerBoundsTest {
    /** More than any bound, and little enough that a client without bounds ends, too. */
    private static final int ENDLESS = 24 << 20;

    /** What may be on its way in the buffers of two sockets, on top of what is read. */
    private static final long BUFFERED = 8 << 20;

    private static final Duration PROMPT = Duration.ofSeconds(10);
    private static final String CHUNKED = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n";

    static Stream<Arguments> endless() {
        String end = "\nContent-Length: 2\n\n{}";
        return Stream.of(
                Arguments.of("status line", "HTTP/1.1 200 ", "x".repeat(1024), end),
                Arguments.of("header name", "HTTP/1.1 200 OK\n", "x".repeat(1024), ": y" + end),
                Arguments.of("header value", "HTTP/1.1 200 OK\nX: ", "x".repeat(1024), end),
                Arguments.of("folded header", "HTTP/1.1 200 OK\nX: y", "\n " + "x".repeat(1022), end),
                Arguments.of("header lines", "HTTP/1.1 200 OK\n", "X: y\n", end.substring(1)),
                Arguments.of(
                        "long header lines", "HTTP/1.1 200 OK\n", "X: " + "x".repeat(8_000) + "\n", end.substring(1)),
                Arguments.of("interim answers", "", "HTTP/1.1 102 Processing\n\n", "HTTP/1.1 200 OK" + end),
                Arguments.of(
                        "interim answers with headers",
                        "",
                        "HTTP/1.1 103 Early Hints\n" + ("Link: " + "x".repeat(8_000) + "\n").repeat(7) + "\n",
                        "HTTP/1.1 200 OK" + end),
                Arguments.of("empty lines", "", "\n", "HTTP/1.1 200 OK" + end),
                Arguments.of("lines before the status", "", "x".repeat(60) + "\n", "HTTP/1.1 200 OK" + end),
                Arguments.of("trailer value", CHUNKED + "2\n{}\n0\nX: ", "x".repeat(1024), "\n\n"),
                Arguments.of("trailer lines", CHUNKED + "2\n{}\n0\n", "X: y\n", "\n"),
                Arguments.of("chunk's extension", CHUNKED + "2;x=", "x".repeat(1024), "\n{}\n0\n\n"),
                Arguments.of("chunk's length", CHUNKED, "0".repeat(1024), "2\n{}\n0\n\n"),
                Arguments.of("chunks' extensions", CHUNKED, "1;x=" + "x".repeat(8_000) + "\n \n", "2\n{}\n0\n\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endless")
    void partWithoutEnd_isReadToItsBound_andTheNextCallIsAnswered(String part, String begin, String again, String end)
            throws Exception {
        AtomicLong written = new AtomicLong();
        try (ConnectionServer server = new ConnectionServer(connection -> {
                    while (connection.readRequest()) {
                        if (ClientCalls.name(connection).equals("hostile")) {
                            writeEndless(connection, begin, again, end, written);
                        } else {
                            connection.write(ClientCalls.answer("fine"));
                        }
                    }
                });
                ClientCalls client = new ClientCalls(1)) {
            String url = "http://127.0.0.1:" + server.port();
            long begun = System.nanoTime();

            ClientCalls.End hostile = client.call(url, "hostile");

            assertThat(hostile.outcome())
                    .isInstanceOfSatisfying(CallOutcome.Unknown.class, unknown -> assertThat(unknown.reason())
                            .contains("not taken for its answer")
                            .doesNotContain("xxx"));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMPT);
            assertThat(written.get()).isLessThan(BUFFERED + new AnswerBounds(ClientCalls.MAX_BYTES).transferBytes());
            assertThat(client.call(url, "next").body()).isEqualTo("fine");
        }
    }

    private static void writeEndless(Connection connection, String begin, String again, String end, AtomicLong written)
            throws IOException {
        OutputStream out = connection.socket().getOutputStream();
        byte[] piece = again.repeat(Math.max(1, (64 << 10) / again.length()))
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        connection.write(begin);
        while (written.get() < ENDLESS) {
            out.write(piece);
            written.addAndGet(piece.length);
        }
        connection.write(end);
    }

    @Test
    void answerWithinTheBounds_isTaken() throws Exception {
        String headers = ("X-Of-Many: " + "x".repeat(280) + "\n").repeat(150);
        String line = "X-Long: " + "x".repeat(AnswerBounds.LINE_BYTES - 100) + "\n";
        String answer = "\n\n" + "HTTP/1.1 103 Early Hints\nLink: a\n\n".repeat(5) + "HTTP/1.1 200 OK\n"
                + "Transfer-Encoding: chunked\n" + headers + line + "\n" + "1;x=y\n \n".repeat(1_000)
                + "4\nfine\n0\nX-Trailer: y\n\n";
        try (ConnectionServer server = new ConnectionServer(connection -> {
                    while (connection.readRequest()) {
                        connection.write(answer);
                    }
                });
                ClientCalls client = new ClientCalls(1)) {
            ClientCalls.End end = client.call("http://127.0.0.1:" + server.port(), "one");

            assertThat(end.failure()).isNull();
            assertThat(end.body()).isEqualTo(" ".repeat(1_000) + "fine");
        }
    }
}
