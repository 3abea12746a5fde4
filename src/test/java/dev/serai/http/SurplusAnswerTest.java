package dev.serai.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.answer.CallOutcome;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Certificates;
import dev.serai.testing.ConnectionServer;
import dev.serai.testing.ConnectionServer.Connection;
import dev.serai.testing.ConnectionServer.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and proxies that answer more than they were asked: nobody gets what was another's. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class SurplusAnswerTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static TrustStore trusted;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificates = Certificates.of("ip:127.0.0.1", folder);
        trusted = new TrustStore(Files.writeString(folder.resolve("trusted.pem"), certificates.pem()), null);
    }

    private static Transport transport(@Nullable TrustStore trustStore, @Nullable ProxyServer proxy) {
        return new Transport(PATIENT, PATIENT, PATIENT, PATIENT, trustStore, proxy);
    }

    /** The first answer of each connection has something behind it, in the same segment. */
    private static Script withSurplus(String surplus) {
        return connection -> {
            boolean first = true;
            while (connection.readRequest()) {
                connection.write(ClientCalls.answer(ClientCalls.name(connection)) + (first ? surplus : ""));
                first = false;
            }
        };
    }

    @Test
    void anotherAnswerBehindAnAnswer_leavesBothUnbelieved() throws Exception {
        try (ConnectionServer server = new ConnectionServer(withSurplus(ClientCalls.answer("another's")));
                ClientCalls client = new ClientCalls(1)) {
            String url = "http://127.0.0.1:" + server.port();

            assertThat(client.call(url, "one").outcome())
                    .isInstanceOfSatisfying(CallOutcome.Unknown.class, unknown -> assertThat(unknown.reason())
                            .contains("more came behind it"));
            assertThat(client.surplusAnswers()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\n\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\none\n0\n\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n"
            })
    void anotherAnswerBehindAnAnswerOfAnyFraming_isNobodys(String answer) throws Exception {
        try (ConnectionServer server = new ConnectionServer(connection -> {
                    while (connection.readRequest()) {
                        connection.write(
                                ClientCalls.name(connection).equals("one")
                                        ? answer + ClientCalls.answer("another's")
                                        : ClientCalls.answer(ClientCalls.name(connection)));
                    }
                });
                ClientCalls client = new ClientCalls(1)) {
            String url = "http://127.0.0.1:" + server.port();

            ClientCalls.End one = client.call(url, "one");

            assertThat(one.body()).isNotEqualTo("another's");
            assertThat(client.call(url, "two").body()).isEqualTo("two");
        }
    }

    @Test
    void lineBreaksBehindAnAnswer_arePassedOver() throws Exception {
        try (ConnectionServer server = new ConnectionServer(withSurplus("\n\n"));
                ClientCalls client = new ClientCalls(1)) {
            assertThat(client.call("http://127.0.0.1:" + server.port(), "one").body())
                    .isEqualTo("one");
            assertThat(client.surplusAnswers()).isZero();
        }
    }

    /** Whenever it comes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\nContent-Length: 9\n\nanother's",
                "HTTP/1.1 408 Request Timeout\nConnection: close\nContent-Length: 0\n\n",
                "HTTP/1.1 100 Continue\n\n",
                "\n",
                "x"
            })
    void whatComesAfterACall_isNotTheNextOnes(String surplus) throws Exception {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        CompletableFuture<Void> sent = new CompletableFuture<>();
        try (ConnectionServer server = new ConnectionServer(connection -> {
                    connection.readRequest();
                    connection.write(ClientCalls.answer(ClientCalls.name(connection)));
                    if (!sent.isDone()) {
                        answered.join();
                        try {
                            connection.write(surplus);
                        } finally {
                            sent.complete(null);
                        }
                    }
                });
                ClientCalls client = new ClientCalls(1)) {
            String url = "http://127.0.0.1:" + server.port();
            assertThat(client.call(url, "one").body()).isEqualTo("one");
            answered.complete(null);
            sent.join();

            assertThat(client.call(url, "two").body()).isEqualTo("two");
            assertThat(client.call(url, "three").body()).isEqualTo("three");
        }
    }

    /** A large request, of which the server has read the head only when it answers. */
    @Test
    void answerBeforeTheRequestIsWritten_isNotTaken_andTheRequestNotCompleted() throws Exception {
        byte[] body = new byte[32 << 20];
        CompletableFuture<Long> received = new CompletableFuture<>();
        try (ConnectionServer server = new ConnectionServer(connection -> {
                    int next;
                    StringBuilder head = new StringBuilder();
                    while (!head.toString().endsWith("\r\n\r\n")
                            && (next = connection.socket().getInputStream().read()) >= 0) {
                        head.append((char) next);
                    }
                    connection.write(ClientCalls.answer("early"));
                    received.complete(read(connection));
                });
                ClientCalls client = new ClientCalls(1)) {

            ClientCalls.End end = client.call("http://127.0.0.1:" + server.port(), "large", body);

            assertThat(end.outcome())
                    .isEqualTo(new CallOutcome.NotSent(
                            "something came before the request was complete: it was not sent to its end", true));
            assertThat(received.get(20, TimeUnit.SECONDS)).isLessThan(body.length);
        }
    }

    /** Nobody asks for it; some compress all the same. Its bound is that of what comes out. */
    @Test
    void compressedAnswer_isUnpacked_upToTheBound() throws Exception {
        byte[] small = gzip(1_000);
        byte[] huge = gzip(200 << 20);
        assertThat(huge.length).isLessThan(ClientCalls.MAX_BYTES);
        try (ConnectionServer server = new ConnectionServer(connection -> {
                    connection.readRequest();
                    byte[] body = ClientCalls.name(connection).equals("huge") ? huge : small;
                    connection.write(
                            "HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: " + body.length + "\n\n");
                    connection.socket().getOutputStream().write(body);
                });
                ClientCalls client = new ClientCalls(1)) {
            String url = "http://127.0.0.1:" + server.port();

            assertThat(client.call(url, "small").body()).isEqualTo(" ".repeat(1_000));
            assertThat(client.call(url, "huge").body()).hasSize(ClientCalls.MAX_BYTES + 1);
        }
    }

    private static byte[] gzip(int blanks) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            byte[] piece = " ".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
            for (int written = 0; written < blanks; written += piece.length) {
                out.write(piece, 0, Math.min(piece.length, blanks - written));
            }
        }
        return packed.toByteArray();
    }

    private static long read(Connection connection) {
        long read = 0;
        byte[] bytes = new byte[8192];
        try {
            int next;
            while ((next = connection.socket().getInputStream().read(bytes)) >= 0) {
                read += next;
            }
        } catch (IOException e) {
            // The client has given up, as it is to.
        }
        return read;
    }

    /** In the clear, before TLS begins: it must not pass for what the provider says behind TLS. */
    @Test
    void whatAProxySaysBehindItsAnswerToConnect_isNotTheProviders() throws Exception {
        Script tunnel = connection -> {
            connection.readRequest();
            String asked = connection.request();
            int port = Integer.parseInt(asked.substring(asked.indexOf(':') + 1, asked.indexOf(" HTTP/1.1")));
            try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
                connection.write("HTTP/1.1 200 Connected\n\n" + ClientCalls.answer("the proxy's"));
                connection.joinWith(target);
            }
        };
        try (ConnectionServer server = new ConnectionServer(certificates.server(), withSurplus(""));
                ConnectionServer proxy = new ConnectionServer(tunnel);
                ClientCalls client = new ClientCalls(
                        1, transport(trusted, new ProxyServer("127.0.0.1", proxy.port(), null, null)))) {

            ClientCalls.End end = client.call("https://127.0.0.1:" + server.port(), "one");

            assertThat(end.outcome()).isInstanceOf(CallOutcome.NotSent.class);
            assertThat(server.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serverThatSpeaksFirst_isNotTaken(boolean tls) throws Exception {
        try (ConnectionServer server = new ConnectionServer(tls ? certificates.server() : null, connection -> {
                    connection.write(ClientCalls.answer("first"));
                    connection.socket().getInputStream().transferTo(OutputStream.nullOutputStream());
                });
                ClientCalls client = new ClientCalls(1, transport(trusted, null))) {
            // The connection is there and what the server says may be on its way: a body that takes longer to write.
            ClientCalls.End end =
                    client.call((tls ? "https" : "http") + "://127.0.0.1:" + server.port(), "one", new byte[16 << 20]);

            assertThat(end.outcome()).isInstanceOf(CallOutcome.NotSent.class);
        }
    }

    /** A gateway that sends one answer twice, at once or a little later, now and then; 8 callers at once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void answersThatAreRepeated_areNobodyElses(long seed) throws Exception {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (ConnectionServer server = new ConnectionServer(connection -> {
                    while (connection.readRequest()) {
                        String answer = ClientCalls.answer(ClientCalls.name(connection));
                        int dice;
                        synchronized (random) {
                            dice = random.nextInt(20);
                        }
                        switch (dice) {
                            case 0 -> connection.write(answer + answer);
                            case 1 -> {
                                connection.write(answer);
                                connection.write(answer);
                            }
                            default -> connection.write(answer);
                        }
                    }
                });
                ClientCalls client = new ClientCalls(8);
                ExecutorService callers = Executors.newFixedThreadPool(8)) {
            String url = "http://127.0.0.1:" + server.port();
            List<Callable<ClientCalls.End>> calls = new ArrayList<>();
            for (int call = 0; call < 400; call++) {
                String name = "call-" + call;
                calls.add(() -> client.call(url, name));
            }
            int answered = 0;
            int call = 0;
            for (Future<ClientCalls.End> end : callers.invokeAll(calls)) {
                if (end.get().failure() == null) {
                    answered++;
                    assertThat(end.get().body()).isEqualTo("call-" + call);
                }
                call++;
            }
            assertThat(answered).isGreaterThan(340);
        }
    }
}
