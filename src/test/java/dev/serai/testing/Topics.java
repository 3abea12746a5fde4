package dev.serai.testing;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.awaitility.Awaitility;

/**
 * Changes of topics that are over when a broker acts on them: the controller, which answers, knows of them before the broker
 * does, and on a busy machine long before. Stateless.
 */
public final class Topics {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Topics() {}

    /** Makes topics with the broker's defaults, as {@link #create(Admin, Collection)} does. */
    public static void create(String bootstrapServers, int partitions, String... names) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            create(
                    admin,
                    Stream.of(names)
                            .map(name -> new NewTopic(name, Optional.of(partitions), Optional.empty()))
                            .toList());
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("Kafka has not made " + String.join(", ", names), e);
        }
    }

    /** Makes topics, also anew where a class runs again; each of their partitions can be written to. */
    public static void create(Admin admin, Collection<NewTopic> topics)
            throws InterruptedException, ExecutionException {
        Set<String> there = admin.listTopics().names().get();
        for (NewTopic topic : topics) {
            if (there.contains(topic.name())) {
                delete(admin, topic.name());
            }
        }
        admin.createTopics(topics).all().get();
        List<String> names = topics.stream().map(NewTopic::name).toList();
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        Awaitility.await("topics " + names)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsMatching(failure -> failure.getCause() instanceof RetriableException)
                .until(() -> {
                    admin.describeTopics(names).allTopicNames().get().forEach((name, description) -> description
                            .partitions()
                            .forEach(partition ->
                                    ends.put(new TopicPartition(name, partition.partition()), OffsetSpec.latest())));
                    return admin.listOffsets(ends).all().get() != null;
                });
    }

    /** Sets one key of a topic's configuration. */
    public static void configure(Admin admin, String topic, String key, String value)
            throws InterruptedException, ExecutionException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
        Awaitility.await(key + " of " + topic)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> value.equals(admin.describeConfigs(List.of(resource))
                        .all()
                        .get()
                        .get(resource)
                        .get(key)
                        .value()));
    }

    /** Takes a topic away. */
    public static void delete(Admin admin, String topic) throws InterruptedException, ExecutionException {
        admin.deleteTopics(List.of(topic)).all().get();
        Awaitility.await("the end of topic " + topic)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !admin.listTopics().names().get().contains(topic));
    }
}
