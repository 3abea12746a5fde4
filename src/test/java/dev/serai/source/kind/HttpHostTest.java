package dev.serai.source.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.http.TrustStore;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Certificates;
import dev.serai.testing.ConnectionServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@BesideOthers
class HttpHostTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private static Certificates here;
    private static Certificates elsewhere;

    @BeforeAll
    static void makeCertificates() {
        here = Certificates.of("ip:127.0.0.1", folder);
        elsewhere = Certificates.of("dns:elsewhere.example", folder);
    }

    @Test
    void hostThatIsThere_isConnectedTo_andAskedNothing() throws Exception {
        try (ConnectionServer server = server(here)) {
            assertThat(new HttpHost(https(server), trusting(here)).trouble(PATIENCE))
                    .isEmpty();

            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void certificateThatIsNotTrusted_isNamed() throws Exception {
        try (ConnectionServer server = server(here)) {
            assertThat(new HttpHost(https(server), null).trouble(PATIENCE))
                    .hasValueSatisfying(trouble -> assertThat(trouble)
                            .startsWith("no TLS connection (")
                            .contains("certification path")
                            .endsWith(" at 127.0.0.1:" + server.port()));
        }
    }

    @Test
    void certificateOfAnotherHost_isRefused() throws Exception {
        try (ConnectionServer server = server(elsewhere)) {
            assertThat(new HttpHost(https(server), trusting(elsewhere)).trouble(PATIENCE))
                    .hasValueSatisfying(trouble -> assertThat(trouble).startsWith("no TLS connection ("));
        }
    }

    @Test
    void serverWithoutTls_isNamed() throws Exception {
        try (ConnectionServer server = new ConnectionServer(
                connection -> connection.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"))) {
            assertThat(new HttpHost(https(server), null).trouble(PATIENCE))
                    .hasValueSatisfying(trouble -> assertThat(trouble).startsWith("no TLS connection ("));
        }
    }

    /** The kernel takes the connection; nobody says anything on it. */
    @Test
    void serverThatIsSilent_isGivenUpInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("https://127.0.0.1:" + silent.getLocalPort());

            assertThat(new HttpHost(url, null).trouble(Duration.ofMillis(300)))
                    .hasValue("no TLS connection to 127.0.0.1:" + silent.getLocalPort() + " within 300 ms");
        }
    }

    @Test
    void portWhereNobodyListens_isRefused() throws Exception {
        int port;
        try (ServerSocket closedAgain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closedAgain.getLocalPort();
        }

        assertThat(new HttpHost(URI.create("http://127.0.0.1:" + port), null).trouble(PATIENCE))
                .hasValue("connection refused at 127.0.0.1:" + port);
    }

    @Test
    void nameWithoutAnAddress_isNamed() {
        assertThat(new HttpHost(URI.create("http://no-such-host.invalid/scenes"), null).trouble(PATIENCE))
                .hasValue("no address for its name at no-such-host.invalid:80");
    }

    private static URI https(ConnectionServer server) {
        return URI.create("https://127.0.0.1:" + server.port() + "/scenes");
    }

    private static TrustStore trusting(Certificates certificates) throws Exception {
        Path file = Files.createTempFile(folder, "trusted", ".pem");
        return new TrustStore(Files.writeString(file, certificates.pem()), null);
    }

    private static ConnectionServer server(Certificates certificates) throws Exception {
        return new ConnectionServer(certificates.server(), connection -> {
            try {
                connection.readRequest();
            } catch (IOException e) {
                // It went away without a word, as it should.
            }
        });
    }
}
