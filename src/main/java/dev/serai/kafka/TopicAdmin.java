package dev.serai.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * An admin client for topics, each of whose answers comes within a time or not at all. Every method may throw what Kafka
 * answers, a {@link KafkaException}. Thread-safe.
 */
final class TopicAdmin implements AutoCloseable {
    private static final Duration VISIBILITY_POLL = Duration.ofMillis(50);

    private final Admin admin;
    private final Duration timeout;

    /**
     * @param settings the admin client's, {@code bootstrap.servers} at least
     * @param timeout for each answer; at least 1 ms
     */
    TopicAdmin(Map<String, Object> settings, Duration timeout) {
        this.timeout = timeout;
        admin = Admin.create(ClientProperties.within(settings, timeout));
    }

    /** @throws UnknownTopicOrPartitionException if it is not there */
    TopicDescription describe(String topic) throws InterruptedException {
        return KafkaAnswers.await(admin.describeTopics(List.of(topic)).allTopicNames())
                .values()
                .iterator()
                .next();
    }

    /** How many the topic has; empty if it is not there. */
    OptionalInt partitions(String topic) throws InterruptedException {
        try {
            return OptionalInt.of(describe(topic).partitions().size());
        } catch (UnknownTopicOrPartitionException e) {
            return OptionalInt.empty();
        }
    }

    /** The topic's effective {@code max.message.bytes}; empty if that is not known. */
    OptionalInt maxMessageBytes(String topic) throws InterruptedException {
        Optional<String> limit = setting(topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        return limit.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(limit.get()));
    }

    /** What holds for the topic, by the setting's own name; empty if that is not known. */
    Optional<String> setting(String topic, String name) throws InterruptedException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config settings = KafkaAnswers.await(
                            admin.describeConfigs(List.of(resource)).all())
                    .values()
                    .iterator()
                    .next();
            ConfigEntry entry = settings.get(name);
            return entry == null ? Optional.empty() : Optional.ofNullable(entry.value());
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        }
    }

    /**
     * Creates the topic.
     *
     * @param onlyAsk whether Kafka would let this client
     * @return whether it was not there; false when another replica was faster
     */
    boolean create(TopicSpec topic, boolean onlyAsk) throws InterruptedException {
        var creation = new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                .configs(topic.configuration());
        try {
            KafkaAnswers.await(admin.createTopics(List.of(creation), new CreateTopicsOptions().validateOnly(onlyAsk))
                    .all());
            return true;
        } catch (TopicExistsException e) {
            return false;
        }
    }

    /** @throws org.apache.kafka.common.errors.InvalidPartitionsException if it has as many already */
    void growTo(String topic, int partitions) throws InterruptedException {
        KafkaAnswers.await(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                .all());
    }

    /**
     * Waits until the topic has so many partitions, and those from a number on have leaders.
     *
     * @return false if that did not come about in time
     */
    boolean awaitLeaders(String topic, int from, int partitions) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!hasLeaders(topic, from, partitions)) {
            if (System.nanoTime() >= deadline) {
                return false;
            }
            Thread.sleep(VISIBILITY_POLL);
        }
        return true;
    }

    private boolean hasLeaders(String topic, int from, int partitions) throws InterruptedException {
        try {
            TopicDescription there = describe(topic);
            return there.partitions().size() >= partitions
                    && there.partitions().stream()
                            .filter(partition -> partition.partition() >= from)
                            .allMatch(partition -> partition.leader() != null
                                    && !partition.leader().isEmpty());
        } catch (UnknownTopicOrPartitionException e) {
            return false; // the broker that was asked has not heard of it yet
        }
    }

    @Override
    public void close() {
        // What was not waited for to its end is wanted by nobody.
        admin.close(Duration.ZERO);
    }
}
