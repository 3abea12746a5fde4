package dev.serai.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.connect.ProviderEndpoint;
import dev.serai.connect.ProviderHeaders;
import dev.serai.connect.TransportFailure;
import dev.serai.connect.answer.AnswerClassifier;
import dev.serai.connect.answer.CallOutcome;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Certificates;
import dev.serai.testing.ConnectionServer;
import dev.serai.testing.ConnectionServer.Connection;
import dev.serai.testing.ConnectionServer.Script;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls through a real camel-http endpoint, of servers and proxies that fail at every point of a call. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class BoundedHttpClientTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String ANSWER = "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}";

    @TempDir
    private static Path folder;

    private static Certificates here;
    private static Certificates elsewhere;

    private final List<AutoCloseable> servers = new ArrayList<>();
    private CamelContext camel;
    private ProducerTemplate routes;

    @BeforeAll
    static void makeCertificates() {
        here = Certificates.of("ip:127.0.0.1", folder);
        elsewhere = Certificates.of("dns:elsewhere.example", folder);
    }

    @BeforeEach
    void start() {
        camel = new DefaultCamelContext();
        camel.getRegistry().bind(ProviderEndpoint.HEADERS_BEAN, new ProviderHeaders());
        camel.start();
        routes = camel.createProducerTemplate();
    }

    @AfterEach
    void stop() throws Exception {
        camel.stop();
        for (AutoCloseable server : servers) {
            server.close();
        }
    }

    /** How a call ended: with an answer, or with an exception. */
    private record End(@Nullable Integer status, @Nullable Exception failure) {
        Exception thrown() {
            return Objects.requireNonNull(failure, () -> "answered with " + status);
        }

        CallOutcome outcome() {
            return TransportFailure.outcome(thrown());
        }

        void assertNotSent(String reason) {
            assertThat(outcome())
                    .isEqualTo(new CallOutcome.NotSent(
                            "the provider could not be reached (" + reason + "): nothing was sent", false));
        }

        void assertUnknown() {
            assertThat(outcome()).isInstanceOf(CallOutcome.Unknown.class);
        }

        void assertAnswered() {
            assertThat(failure).isNull();
            assertThat(status).isEqualTo(200);
        }
    }

    // TLS

    @Test
    void serverOfATrustedCertificate_isCalledWithTheKey() throws Exception {
        ConnectionServer provider = provider(here);
        Path trusted = here.trustStore("PKCS12", folder.resolve("here.p12"));

        End end = call(https(provider), transport(new TrustStore(trusted, Certificates.PASSWORD), null));

        end.assertAnswered();
        assertThat(provider.requests()).singleElement().asString().contains("POST /connect", "X-API-Key: the-key");
    }

    @Test
    void serverOfAPemCertificate_isCalled() throws Exception {
        ConnectionServer provider = provider(here);

        call(https(provider), transport(pem(here), null)).assertAnswered();
    }

    @Test
    void serverThatTheJdkDoesNotTrust_isNotCalled() throws Exception {
        ConnectionServer provider = provider(here);

        call(https(provider), transport(null, null)).assertNotSent("SSLHandshakeException");
        assertThat(provider.requests()).isEmpty();
    }

    @Test
    void serverOfAnotherName_isNotCalled() throws Exception {
        ConnectionServer provider = provider(elsewhere);

        call(https(provider), transport(pem(elsewhere), null)).assertNotSent("SSLPeerUnverifiedException");
        assertThat(provider.requests()).isEmpty();
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void handshakeThatNeverComes_isNotSentAfterItsTime() {
        ConnectionServer silent = server(BoundedHttpClientTest::waitForTheEnd);

        call(https(silent), new Transport(PATIENT, SHORT, PATIENT, PATIENT, null, null))
                .assertNotSent("ConnectTimeoutException");
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void handshakeBehindAProxyThatNeverComes_isNotSentAfterItsTime() {
        ConnectionServer silent = server(BoundedHttpClientTest::waitForTheEnd);
        ConnectionServer proxy = proxy();

        call(https(silent), new Transport(PATIENT, SHORT, PATIENT, PATIENT, null, at(proxy)))
                .assertNotSent("SocketTimeoutException");
        assertThat(silent.connections()).isEqualTo(1);
    }

    @Test
    void handshakeBeyondTheTotalTime_isNotSent() {
        ConnectionServer silent = server(BoundedHttpClientTest::waitForTheEnd);

        call(https(silent), new Transport(PATIENT, PATIENT, PATIENT, SHORT, null, null))
                .assertNotSent("SocketTimeoutException");
    }

    // Connections that do not come about

    @Test
    void refusedConnection_isNotSent() throws Exception {
        try (Socket taken = takenPort()) {
            call(URI.create("http://127.0.0.1:" + taken.getLocalPort()), transport(null, null))
                    .assertNotSent("HttpHostConnectException");
        }
    }

    @Test
    void unknownHost_isNotSent() {
        call(URI.create("http://provider.invalid"), transport(null, null)).assertNotSent("UnknownHostException");
    }

    @Test
    void connectionThatTakesTooLong_isNotSent() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> queue = fill(full);
            try {
                call(
                                URI.create("http://127.0.0.1:" + full.getLocalPort()),
                                new Transport(SHORT, PATIENT, PATIENT, PATIENT, null, null))
                        .assertNotSent("ConnectTimeoutException");
            } finally {
                for (Socket waiting : queue) {
                    waiting.close();
                }
            }
        }
    }

    @Test
    void fullPool_isNotSent() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        ConnectionServer provider = server(connection -> {
            connection.readRequest();
            reached.countDown();
            waitForTheEnd(connection);
        });
        String client = bind(new Transport(SHORT, PATIENT, PATIENT, PATIENT, null, null));
        Thread first = Thread.ofVirtual().start(() -> call(http(provider), client));
        reached.await();

        call(http(provider), client).assertNotSent("ConnectionRequestTimeoutException");

        assertThat(provider.requests()).hasSize(1);
        first.interrupt();
        first.join();
    }

    // Answers that do not come

    @Test
    void answerThatStalls_isUnknown() {
        ConnectionServer provider = server(connection -> {
            connection.readRequest();
            connection.write("HTTP/1.1 200 OK\nContent-Length: 100\n\n{");
            waitForTheEnd(connection);
        });

        End end = call(http(provider), new Transport(PATIENT, PATIENT, SHORT, PATIENT, null, null));

        end.assertUnknown();
        assertThat(TransportFailure.isInterrupt(end.thrown())).isFalse();
    }

    @Test
    void answerBeyondTheTotalTime_isUnknown() {
        ConnectionServer provider = server(connection -> {
            connection.readRequest();
            waitForTheEnd(connection);
        });

        End end = call(http(provider), new Transport(PATIENT, PATIENT, PATIENT, SHORT, null, null));

        end.assertUnknown();
        assertThat(end.thrown()).hasMessage("no answer after 300 ms");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 407, 429, 503})
    void answerThatAsksForMore_isHandedOnAndNothingSentAgain(int status) {
        ConnectionServer provider = server(answering("HTTP/1.1 " + status + " No\nContent-Length: 0\nRetry-After: 0\n"
                + "WWW-Authenticate: Basic realm=\"a\"\nProxy-Authenticate: Basic realm=\"a\"\n\n"));

        End direct = call(http(provider), transport(null, null));

        assertThat(direct.status()).isEqualTo(status);
        assertThat(provider.requests()).hasSize(1);
    }

    // Connections

    @Test
    void connection_isUsedForOneCall() {
        ConnectionServer provider = server(answering(ANSWER));
        String client = bind(transport(null, null));

        call(http(provider), client).assertAnswered();
        call(http(provider), client).assertAnswered();

        assertThat(provider.connections()).isEqualTo(2);
        assertThat(provider.requests()).hasSize(2).allMatch(request -> request.contains("\r\nConnection: close\r\n"));
    }

    /** Neither reset nor left open. */
    @Test
    void connectionOfACallThatWasAnswered_isClosed() throws Exception {
        CompletableFuture<Boolean> another = new CompletableFuture<>();
        ConnectionServer provider = server(connection -> {
            connection.readRequest();
            connection.write(ANSWER);
            another.complete(connection.readRequest());
        });

        call(http(provider), transport(null, null)).assertAnswered();

        assertThat(another.get(30, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void connectionThatIsClosedBeforeTheAnswer_isUnknownAndNothingSentAgain() {
        ConnectionServer provider = server(Connection::readRequest);

        call(http(provider), transport(null, null)).assertUnknown();

        assertThat(provider.requests()).hasSize(1);
        assertThat(provider.connections()).isEqualTo(1);
    }

    @Test
    void clientOfAStoppedContext_isClosed() throws Exception {
        ConnectionServer provider = server(answering(ANSWER));
        String client = bind(transport(null, null));
        call(http(provider), client).assertAnswered();
        HttpClient http = camel.getEndpoints().stream()
                .filter(HttpEndpoint.class::isInstance)
                .map(endpoint -> ((HttpEndpoint) endpoint).getHttpClient())
                .findFirst()
                .orElseThrow();

        camel.stop();

        assertThatThrownBy(() -> http.execute(new HttpPost(http(provider)), response -> ""))
                .isInstanceOf(IllegalStateException.class);
    }

    // Proxies

    @Test
    void proxy_isTunnelledThrough() throws Exception {
        ConnectionServer provider = provider(here);
        ConnectionServer proxy = proxy();

        call(https(provider), transport(pem(here), at(proxy))).assertAnswered();

        assertThat(proxy.requests()).singleElement().asString().startsWith("CONNECT 127.0.0.1:" + provider.port());
        assertThat(proxy.requests().getFirst()).doesNotContain("the-key");
        assertThat(provider.requests()).hasSize(1);
    }

    @Test
    void proxyWithCredentials_getsThemAndTheProviderDoesNot() throws Exception {
        ConnectionServer provider = provider(here);
        ConnectionServer proxy = proxy();

        call(https(provider), transport(pem(here), at(proxy, "open:sesame"))).assertAnswered();

        assertThat(proxy.requests()).singleElement().asString().contains("Proxy-Authorization: " + basic());
        assertThat(provider.requests()).singleElement().asString().doesNotContain("Proxy-Authorization");
    }

    @Test
    void proxyWithoutATunnel_getsTheRequestOnce() {
        ConnectionServer proxy = server(answering(ANSWER));

        call(URI.create("http://provider.invalid"), transport(null, at(proxy, "open:sesame")))
                .assertAnswered();

        assertThat(proxy.requests())
                .singleElement()
                .asString()
                .contains("POST http://provider.invalid/connect", "Proxy-Authorization: " + basic());
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 403, 407, 502, 503})
    void proxyThatRefusesTheTunnel_isNotSent(int status) {
        ConnectionServer proxy = server(answering(
                "HTTP/1.1 " + status + " No\nContent-Length: 0\n" + "Proxy-Authenticate: Basic realm=\"a\"\n\n"));
        String client = bind(transport(null, at(proxy)));

        call(URI.create("https://provider.invalid"), client).assertNotSent("the proxy answered CONNECT with " + status);
        // The connection is given back, or the pool of one would be used up.
        call(URI.create("https://provider.invalid"), client).assertNotSent("the proxy answered CONNECT with " + status);
        assertThat(proxy.requests()).hasSize(2);
    }

    @Test
    void proxyThatRefusesTheCredentials_isNotSent() {
        ConnectionServer proxy =
                server(answering("HTTP/1.1 407 No\nContent-Length: 0\nProxy-Authenticate: Basic realm=\"a\"\n\n"));

        call(URI.create("https://provider.invalid"), transport(null, at(proxy, "open:sesame")))
                .assertNotSent("the proxy answered CONNECT with 407");
        assertThat(proxy.requests()).hasSize(1);
    }

    @Test
    void proxyThatHangsUp_isNotSent() {
        ConnectionServer proxy = server(Connection::readRequest);

        call(URI.create("https://provider.invalid"), transport(null, at(proxy)))
                .assertNotSent("NoHttpResponseException");
    }

    @Test
    void proxyThatIsNotThere_isNotSent() throws Exception {
        try (Socket taken = takenPort()) {
            ProxyServer gone = new ProxyServer("127.0.0.1", taken.getLocalPort(), null, null);

            call(URI.create("https://provider.invalid"), transport(null, gone))
                    .assertNotSent("HttpHostConnectException");
        }
    }

    /** The client has credentials for a proxy and could be made to answer with them. */
    @Test
    void providerBehindAProxyThatAnswers407_isHandedOnAndNothingSentAgain() throws Exception {
        ConnectionServer provider = server(
                here, answering("HTTP/1.1 407 No\nContent-Length: 0\nProxy-Authenticate: Basic realm=\"a\"\n\n"));
        ConnectionServer proxy = proxy();

        End end = call(https(provider), transport(pem(here), at(proxy, "open:sesame")));

        assertThat(end.status()).isEqualTo(407);
        assertThat(provider.requests()).singleElement().asString().doesNotContain("Proxy-Authorization");
    }

    // Interrupts

    @Test
    void interruptDuringTheWait_isOneAndUnknown() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        ConnectionServer provider = server(connection -> {
            connection.readRequest();
            waiting.countDown();
            waitForTheEnd(connection);
        });

        End end = interrupted(http(provider), waiting);

        end.assertUnknown();
        assertThat(TransportFailure.isInterrupt(end.thrown())).isTrue();
    }

    @Test
    void interruptDuringTheHandshake_isOneAndNotSent() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        ConnectionServer silent = server(connection -> {
            waiting.countDown();
            waitForTheEnd(connection);
        });

        End end = interrupted(https(silent), waiting);

        end.assertNotSent("InterruptedIOException");
        assertThat(TransportFailure.isInterrupt(end.thrown())).isTrue();
    }

    @Test
    void timeOut_isNoInterrupt() {
        assertThat(TransportFailure.isInterrupt(new SocketTimeoutException())).isFalse();
        assertThat(TransportFailure.isInterrupt(new NothingSentException(new SocketTimeoutException())))
                .isFalse();
    }

    // What an answer says of itself

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=\"utf 8\"",
                "application/json; charset=?",
                "application/json; charset=bogus",
                "application/json; charset=",
                "text/plain; charset=*",
                ";;/; charset=,",
                "application/x-java-serialized-object",
                "*/*"
            })
    void answerOfAnyType_isAnAnswer(String type) {
        ConnectionServer server =
                server(answering("HTTP/1.1 200 OK\nContent-Type: " + type + "\nContent-Length: 2\n\n{}"));

        call(http(server), transport(null, null)).assertAnswered();
    }

    // Settings

    @Test
    void text_hidesThePasswords() {
        Transport transport = new Transport(
                PATIENT,
                PATIENT,
                PATIENT,
                PATIENT,
                new TrustStore(Path.of("a.p12"), "open-sesame"),
                new ProxyServer("proxy.example", 3128, "ali", "open-sesame"));

        assertThat(transport.toString()).contains("a.p12", "proxy.example:3128").doesNotContain("open-sesame", "ali");
    }

    @Test
    void timeOfZero_isRefused() {
        assertThatThrownBy(() -> new Transport(PATIENT, Duration.ZERO, PATIENT, PATIENT, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tlsTimeout must be at least 1 ms, was PT0S");
    }

    private static Transport transport(@Nullable TrustStore trustStore, @Nullable ProxyServer proxy) {
        return new Transport(PATIENT, PATIENT, PATIENT, PATIENT, trustStore, proxy);
    }

    private static TrustStore pem(Certificates certificates) throws Exception {
        Path file = Files.createTempFile(folder, "trusted", ".pem");
        return new TrustStore(Files.writeString(file, certificates.pem()), null);
    }

    /** A port that refuses connections, and that no other test can listen on meanwhile. */
    private static Socket takenPort() throws IOException {
        Socket taken = new Socket();
        taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return taken;
    }

    private static ProxyServer at(ConnectionServer proxy) {
        return new ProxyServer("127.0.0.1", proxy.port(), null, null);
    }

    private static ProxyServer at(ConnectionServer proxy, String credentials) {
        String[] parts = credentials.split(":", 2);
        return new ProxyServer("127.0.0.1", proxy.port(), parts[0], parts[1]);
    }

    private static String basic() {
        return "Basic " + Base64.getEncoder().encodeToString("open:sesame".getBytes(StandardCharsets.US_ASCII));
    }

    private ConnectionServer provider(Certificates certificates) throws Exception {
        return server(certificates, answering(ANSWER));
    }

    private ConnectionServer proxy() {
        ConnectionServer proxy = ConnectionServer.proxy();
        servers.add(proxy);
        return proxy;
    }

    private ConnectionServer server(Script script) {
        ConnectionServer server = new ConnectionServer(script);
        servers.add(server);
        return server;
    }

    private ConnectionServer server(Certificates certificates, Script script) throws Exception {
        ConnectionServer server = new ConnectionServer(certificates.server(), script);
        servers.add(server);
        return server;
    }

    private static Script answering(String answer) {
        return connection -> {
            while (connection.readRequest()) {
                connection.write(answer);
            }
        };
    }

    /** Of the connection: until the client closes it. */
    private static void waitForTheEnd(Connection connection) throws IOException {
        connection.socket().getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static List<Socket> fill(ServerSocket server) throws IOException {
        List<Socket> queue = new ArrayList<>();
        while (queue.size() < 10) {
            Socket socket = new Socket();
            queue.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 300);
            } catch (SocketTimeoutException e) {
                return queue;
            }
        }
        Assumptions.abort("this system takes more connections than it was told to");
        return queue;
    }

    private static URI http(ConnectionServer server) {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    private static URI https(ConnectionServer server) {
        return URI.create("https://127.0.0.1:" + server.port());
    }

    private End call(URI baseUrl, Transport transport) {
        return call(baseUrl, bind(transport));
    }

    private String bind(Transport transport) {
        String name = "providerClient-" + System.nanoTime();
        camel.getRegistry()
                .bind(
                        name,
                        new BoundedHttpClient(
                                new HttpClientWatch("tenant test", new SimpleMeterRegistry()),
                                transport,
                                1,
                                AnswerClassifier.MAX_BODY_BYTES,
                                Map.of("X-API-Key", () -> "the-key")));
        return name;
    }

    private End call(URI baseUrl, String client) {
        Exchange done = routes.send(new ProviderEndpoint(baseUrl, client).uri(), exchange -> exchange.getMessage()
                .setBody("{}".getBytes(StandardCharsets.US_ASCII)));
        return new End(done.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class), done.getException());
    }

    private End interrupted(URI baseUrl, CountDownLatch waiting) throws Exception {
        String client = bind(transport(null, null));
        CompletableFuture<End> end = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> end.complete(call(baseUrl, client)));
        waiting.await();
        caller.interrupt();
        return end.get();
    }
}
