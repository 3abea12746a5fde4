package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Certificates;
import dev.serai.testing.ConnectionServer;
import dev.serai.testing.RunningSerai;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way to the provider as the settings say it: through a proxy, to a server that a trust store of one's own trusts. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ProviderNetworkTest {
    private static final String ROOM =
            "{\"session_id\":\"s\",\"character_session_id\":\"cs\",\"room_url\":\"wss://rooms.example\","
                    + "\"room_name\":\"r\",\"token\":\"t\",\"speaker_id\":null}";

    @TempDir
    static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificate() {
        certificates = Certificates.of("ip:127.0.0.1", folder);
    }

    @Test
    void trustStoreAndProxy_areUsed() throws Exception {
        Path trusted = Files.writeString(folder.resolve("trusted.pem"), certificates.pem());
        try (ConnectionServer provider = provider();
                ConnectionServer proxy = ConnectionServer.proxy();
                RunningSerai serai = serai(
                        provider,
                        Map.of(
                                "serai.connect.trust-store",
                                trusted.toString(),
                                "serai.connect.proxy",
                                "http://127.0.0.1:" + proxy.port()))) {
            serai.publish("key", "{\"event_id\":\"e\",\"character_id\":\"c\"}");

            assertThat(serai.replyTo("e").path("status").asText()).isEqualTo("started");
            assertThat(provider.requests()).hasSize(1);
            assertThat(proxy.requests()).singleElement().asString().startsWith("CONNECT 127.0.0.1:" + provider.port());
        }
    }

    @Test
    void certificateThatNobodyTrusts_isNotCalled() throws Exception {
        try (ConnectionServer provider = provider();
                RunningSerai serai = serai(provider, Map.of())) {
            serai.publish("key", "{\"event_id\":\"e\",\"character_id\":\"c\",\"ttl_ms\":2000}");

            JsonNode reply = serai.replyTo("e");
            assertThat(reply.at("/error/category").asText()).isEqualTo("provider_unavailable");
            assertThat(reply.at("/error/detail").asText()).contains("SSLHandshakeException", "nothing was sent");
            assertThat(reply.path("possible_duplicate_session").asBoolean()).isFalse();
            assertThat(provider.requests()).isEmpty();
        }
    }

    private static RunningSerai serai(ConnectionServer provider, Map<String, String> settings) {
        return new RunningSerai(
                RunningSerai.withoutSources(settings),
                backends -> RunningSerai.withProvider(
                        backends, URI.create("https://127.0.0.1:" + provider.port()), RunningSerai.API_KEY));
    }

    private static ConnectionServer provider() throws Exception {
        return new ConnectionServer(certificates.server(), connection -> {
            while (connection.readRequest()) {
                connection.write("HTTP/1.1 200 OK\nContent-Length: " + ROOM.length() + "\n\n" + ROOM);
            }
        });
    }
}
