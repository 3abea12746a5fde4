package dev.serai.operate.doctor;

import dev.serai.kafka.ClusterLook;
import dev.serai.kafka.ClusterLook.Broker;
import dev.serai.kafka.TopicSetupException;
import dev.serai.loop.Counted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.AppInfoParser;

/** Whether Kafka answers this client, what it can do, and whether each broker is reached where it says it is. */
record BrokerCheck(KafkaAccess kafka) implements Check {
    /**
     * Longer than others have to wait, as a process's first connection takes; where none comes, three seconds each are left, in
     * this check's limit, to try three brokers at the addresses that they advertise.
     */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(7);

    @Override
    public List<Found> look() throws InterruptedException {
        ClusterLook.Found cluster;
        try {
            cluster = ClusterLook.look(kafka.properties(), FIRST_ANSWER);
        } catch (TopicSetupException e) {
            return List.of(Found.blocked(String.valueOf(e.getMessage()), null));
        }
        List<Found> found = new ArrayList<>();
        found.add(
                Found.ok("Kafka at " + kafka.bootstrapServers() + " answers: cluster " + cluster.clusterId() + " with "
                        + Counted.text(cluster.brokers().size(), "broker") + features(cluster) + "; this client is "
                        + AppInfoParser.getVersion()));
        for (Broker broker : cluster.brokers()) {
            String advertised = "broker " + broker.id() + " is advertised as " + broker.address();
            found.add(broker.trouble()
                    .map(trouble -> Found.error(
                            advertised + ", where this host does not reach it: " + trouble,
                            "set its advertised.listeners to an address that this host reaches, or name another listener in"
                                    + " KAFKA_BOOTSTRAP_SERVERS"))
                    .orElseGet(() -> Found.ok(advertised + ", and reached")));
        }
        return found;
    }

    private static String features(ClusterLook.Found cluster) {
        return cluster.features().isEmpty()
                ? ""
                : cluster.features().entrySet().stream()
                        .map(feature -> feature.getKey() + " " + feature.getValue())
                        .collect(Collectors.joining(", ", ", ", ""));
    }
}
