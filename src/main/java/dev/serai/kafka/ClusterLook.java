package dev.serai.kafka;

import dev.serai.kafka.ListenerProbe.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Looks at a cluster as a whole: whether it answers, what it can do, and whether each broker is reached. Stateless. */
public final class ClusterLook {
    private ClusterLook() {}

    /**
     * What was found.
     *
     * @param brokers those that are alive
     * @param features what the cluster has agreed upon, by name, such as {@code metadata.version}; empty if it does not tell
     */
    public record Found(String clusterId, List<Broker> brokers, SortedMap<String, Short> features) {}

    /**
     * A broker as clients are told of it.
     *
     * @param address that it advertises
     * @param trouble why this host does not reach it there; empty if it does
     */
    public record Broker(int id, String address, Optional<String> trouble) {}

    /**
     * Looks once: some milliseconds among working brokers, at most 25 s.
     *
     * @param timeout for each answer; at least 1 ms
     * @throws TopicSetupException if Kafka does not answer, refuses, or speaks something else than the properties say; with
     *     what to do
     */
    public static Found look(Map<String, Object> properties, Duration timeout) throws InterruptedException {
        BootstrapServers servers = BootstrapServers.look(properties);
        servers.requireFitting();
        try (Admin admin = Admin.create(ClientProperties.within(properties, timeout))) {
            DescribeClusterResult cluster = admin.describeCluster();
            return new Found(cluster.clusterId().get(), brokers(cluster.nodes().get()), features(admin));
        } catch (ExecutionException e) {
            throw new KafkaUnusable(properties, timeout).because(KafkaAnswers.refusal(e), servers);
        } catch (KafkaException e) {
            throw new KafkaUnusable(properties, timeout).because(e, servers);
        }
    }

    private static SortedMap<String, Short> features(Admin admin) throws InterruptedException, ExecutionException {
        SortedMap<String, Short> levels = new TreeMap<>();
        try {
            admin.describeFeatures()
                    .featureMetadata()
                    .get()
                    .finalizedFeatures()
                    .forEach((name, range) -> levels.put(name, range.maxVersionLevel()));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnsupportedVersionException)) {
                throw e;
            }
        }
        return levels;
    }

    private static List<Broker> brokers(Iterable<Node> nodes) throws InterruptedException, ExecutionException {
        try (ExecutorService probes = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Broker>> tasks = new ArrayList<>();
            nodes.forEach(
                    node -> tasks.add(() -> new Broker(node.id(), node.host() + ":" + node.port(), trouble(node))));
            List<Broker> brokers = new ArrayList<>();
            for (Future<Broker> probed : probes.invokeAll(tasks)) {
                brokers.add(probed.get());
            }
            return brokers;
        }
    }

    /** Whether it speaks TLS or asks for credentials, its client has been told by the bootstrap server. */
    private static Optional<String> trouble(Node node) {
        return switch (ListenerProbe.look(node.host(), node.port())) {
            case Seen.Unresolved ignored -> Optional.of("this host has no address for that name");
            case Seen.Unreachable unreachable -> Optional.of(unreachable.reason());
            case Seen.Foreign ignored -> Optional.of("what answers there is not Kafka");
            case Seen.Mute ignored -> Optional.of("it takes connections and does not answer");
            case Seen.Tls ignored -> Optional.empty();
            case Seen.Plain ignored -> Optional.empty();
        };
    }
}
