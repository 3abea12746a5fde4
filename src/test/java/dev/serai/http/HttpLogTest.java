package dev.serai.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.Disconnects;
import dev.serai.connect.EndCause;
import dev.serai.connect.EndingMetrics;
import dev.serai.connect.ProviderEndpoint;
import dev.serai.connect.ProviderHeaders;
import dev.serai.connect.gate.Gate;
import dev.serai.connect.gate.GateRules;
import dev.serai.testing.ConnectionServer;
import dev.serai.testing.LogLines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over an HTTP connection is in no log, whatever the levels of its loggers are. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Isolated("it sets levels of the whole process")
class HttpLogTest {
    private static final String SECRET = "sesame";
    private static final String[] LIBRARIES = {"org.apache.hc", "org.apache.camel.component.http"};

    @BeforeEach
    void logEverything() {
        for (String library : LIBRARIES) {
            Configurator.setAllLevels(library, Level.TRACE);
        }
    }

    @AfterEach
    void reset() {
        Configurator.reconfigure();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\nX: sesame\nSet-Cookie: sesame=sesame; Domain=sesame\nContent-Length: 6\n\nsesame",
                "HTTP/1.1 401 sesame\nWWW-Authenticate: Bearer sesame\nContent-Length: 6\n\nsesame",
                "HTTP/1.1 302 Found\nLocation: http://sesame/sesame\nContent-Length: 0\n\n",
                "sesame\n\nHTTP/1.1 200 OK\nContent-Length: 6\n\nsesame",
                "HTTP/1.1 sesame\n\n",
                "HTTP/sesame 200 OK\n\n",
                "HTTP/1.1 200 OK\nsesame\n\n",
                "HTTP/1.1 200 OK\nContent-Length: sesame\n\nsesame",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nsesame\nsesame",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n6\nsesamesesame\n0\n\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n6\nsesame\n0\nsesame\n\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: sesame\n\nsesame",
                "HTTP/1.1 200 OK\nContent-Encoding: sesame\nContent-Length: 6\n\nsesame",
                "HTTP/1.1 200 OK\nContent-Type: sesame;;;sesame=\nContent-Length: 6\n\nsesame",
                "HTTP/1.1 101 sesame\nUpgrade: sesame\n\nsesame",
                "HTTP/1.1 103 sesame\nLink: sesame\n\nsesame",
                "HTTP/1.1 200 OK\nContent-Length: 6\n\nsesameHTTP/1.1 200 sesame\n\n"
            })
    void answer_isNotLogged(String answer) throws Exception {
        try (LogLines log = LogLines.ofAll();
                ConnectionServer server = new ConnectionServer(connection -> {
                    connection.readRequest();
                    connection.write(answer);
                    connection.socket().shutdownOutput();
                    connection.readRequest();
                });
                DefaultCamelContext camel = new DefaultCamelContext()) {
            call(camel, "http://127.0.0.1:" + server.port(), ClientCalls.transport(null));

            assertThat(log.with("preparing request execution"))
                    .as("HttpClient's log at work")
                    .hasSize(1);
            assertThat(log.with(SECRET)).isEmpty();
        }
    }

    @Test
    void whatAProxySaysAndIsTold_isNotLogged() throws Exception {
        try (LogLines log = LogLines.ofAll();
                ConnectionServer proxy = new ConnectionServer(connection -> {
                    connection.readRequest();
                    connection.write("HTTP/1.1 407 sesame\nProxy-Authenticate: Basic realm=\"sesame\"\nX: sesame\n"
                            + "Content-Length: 6\n\nsesame");
                });
                DefaultCamelContext camel = new DefaultCamelContext()) {
            call(
                    camel,
                    "https://127.0.0.1:1",
                    ClientCalls.transport(new ProxyServer("127.0.0.1", proxy.port(), "ali", SECRET)));

            assertThat(proxy.requests()).hasSize(1);
            assertThat(log.with(SECRET)).isEmpty();
            // "ali:sesame", as it goes out.
            assertThat(log.with("YWxpOnNlc2FtZQ")).isEmpty();
        }
    }

    /** Issue 15: the id of a session is in the query of the call that ends it. */
    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 200 OK\nContent-Length: 0\n\n", "HTTP/1.1 400 sesame\nContent-Length: 6\n\nsesame"})
    void sessionThatIsEnded_isNotLogged(String answer) throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (LogLines log = LogLines.ofAll();
                ConnectionServer server = new ConnectionServer(connection -> {
                    connection.readRequest();
                    connection.write(answer);
                });
                Disconnects disconnects = new Disconnects(
                        Map.of(
                                "default",
                                new Disconnects.Account(
                                        URI.create("http://127.0.0.1:" + server.port()),
                                        ClientCalls.client(ClientCalls.transport(null), Map.of()),
                                        gate())),
                        new EndingMetrics(meters))) {
            disconnects.end("default", List.of(SECRET), EndCause.NOT_PUBLISHED).get(20, TimeUnit.SECONDS);

            assertThat(server.requests()).first().asString().contains(SECRET);
            assertThat(log.with("preparing request execution")).isNotEmpty();
            assertThat(log.with(SECRET)).isEmpty();
            assertThat(meters.getMetersAsString()).doesNotContain(SECRET);
        }
    }

    private static Gate gate() {
        Duration any = Duration.ofSeconds(1);
        return new Gate("default", new GateRules(1, 0, 1, any, any, 10, any, any), System::nanoTime, new Random(3));
    }

    private static void call(DefaultCamelContext camel, String url, Transport transport) {
        camel.getRegistry().bind("client", ClientCalls.client(transport, Map.of("X-API-Key", () -> SECRET)));
        camel.getRegistry().bind(ProviderEndpoint.HEADERS_BEAN, new ProviderHeaders());
        camel.start();
        Exchange done = camel.createProducerTemplate()
                .send(new ProviderEndpoint(URI.create(url), "client").uri(), exchange -> exchange.getMessage()
                        .setBody(SECRET.getBytes(StandardCharsets.US_ASCII)));
        assertThat(done).isNotNull();
    }
}
