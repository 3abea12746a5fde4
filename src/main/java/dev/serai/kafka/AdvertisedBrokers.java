package dev.serai.kafka;

import dev.serai.kafka.ListenerProbe.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.Selectable;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;

/**
 * Asks one bootstrap server, as a client with these properties, under which addresses the brokers want to be reached,
 * and tries those. For after a client has had no answer: it goes on to these addresses by itself, and when none works it
 * only says that it waited.
 */
final class AdvertisedBrokers {
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private AdvertisedBrokers() {}

    /** What is wrong with that server, or with the addresses that it names, and what to do; empty if nothing is. */
    static Optional<String> trouble(Map<String, Object> clientProperties, String bootstrapServer) {
        try {
            List<String> unusable = new ArrayList<>();
            for (Node broker : ask(clientProperties, bootstrapServer)) {
                switch (ListenerProbe.look(broker.host(), broker.port())) {
                    case Seen.Unresolved ignored ->
                        unusable.add(address(broker) + " (this host has no address for it)");
                    case Seen.Unreachable unreachable ->
                        unusable.add(address(broker) + " (" + unreachable.reason() + ")");
                    case Seen.Mute ignored -> {}
                    case Seen.Foreign ignored -> {}
                    case Seen.Tls ignored -> {}
                    case Seen.Plain ignored -> {}
                }
            }
            return unusable.isEmpty()
                    ? Optional.empty()
                    : Optional.of(bootstrapServer + " answers, and names its brokers by addresses that do not work from"
                            + " here: " + String.join(", ", unusable)
                            + "; set the brokers' advertised.listeners to addresses that this host reaches, or name"
                            + " another listener");
        } catch (IOException e) {
            return Optional.of(bootstrapServer + " hangs up after the first requests: it may ask for SASL"
                    + " credentials (security.protocol=SASL_SSL) or for a client certificate (ssl.keystore.location)");
        } catch (KafkaException e) {
            return Optional.of(bootstrapServer + " refuses: " + e.getMessage());
        }
    }

    private static String address(Node broker) {
        return broker.host() + ":" + broker.port();
    }

    private static List<Node> ask(Map<String, Object> clientProperties, String bootstrapServer) throws IOException {
        AdminClientConfig settings = new AdminClientConfig(clientProperties);
        LogContext logContext = new LogContext("[serai-probe] ");
        int answer = Math.toIntExact(ANSWER.toMillis());
        Node node = new Node(
                -1,
                Objects.requireNonNull(Utils.getHost(bootstrapServer), bootstrapServer),
                Objects.requireNonNull(Utils.getPort(bootstrapServer), bootstrapServer));
        try (Metrics metrics = new Metrics();
                Selector selector = new Selector(
                        answer,
                        metrics,
                        Time.SYSTEM,
                        "serai-probe",
                        ClientUtils.createChannelBuilder(settings, Time.SYSTEM, logContext),
                        logContext);
                NetworkClient client = new NetworkClient(
                        selector,
                        new ManualMetadataUpdater(),
                        "serai-probe",
                        1,
                        0,
                        0,
                        Selectable.USE_DEFAULT_BUFFER_SIZE,
                        Selectable.USE_DEFAULT_BUFFER_SIZE,
                        answer,
                        answer,
                        answer,
                        Time.SYSTEM,
                        true,
                        new ApiVersions(),
                        logContext,
                        MetadataRecoveryStrategy.NONE)) {
            if (!NetworkClientUtils.awaitReady(client, node, Time.SYSTEM, answer)) {
                throw new IOException("no connection in time");
            }
            ClientResponse response = NetworkClientUtils.sendAndReceive(
                    client,
                    client.newClientRequest(
                            node.idString(),
                            new MetadataRequest.Builder(List.of(), false),
                            Time.SYSTEM.milliseconds(),
                            true),
                    Time.SYSTEM);
            return List.copyOf(((MetadataResponse) response.responseBody()).brokers());
        }
    }
}
