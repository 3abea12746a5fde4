package dev.serai.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that topics exist that stand for themselves. Missing ones are created with the broker's default replication;
 * existing ones are left as they are. Replicas that start at the same moment may all try: one creates, all go on.
 *
 * <p>Immutable; each call opens and closes an admin client of its own.
 *
 * @param adminSettings the admin client's settings, {@code bootstrap.servers} at least
 * @param createMissing false to fail over missing topics instead of creating them
 * @param timeout for each answer of Kafka and for new topics to become visible; at least 1 ms
 */
public record TopicSetup(Map<String, Object> adminSettings, boolean createMissing, Duration timeout) {
    private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);

    public TopicSetup {
        adminSettings = Map.copyOf(adminSettings);
    }

    /**
     * Returns once all of the topics exist, with a leader for every partition.
     *
     * @throws TopicSetupException if Kafka does not answer in time or refuses, or if topics are missing and may not be
     *     created. It then names the topics, and the commands that create them
     */
    public void ensure(List<TopicSpec> topics) throws InterruptedException {
        ensure(topics, Map.of());
    }

    /**
     * The same for topics of which some must take whatever others take, with headers: they are created with the largest of
     * their effective {@code max.message.bytes} plus 64 KiB.
     *
     * @param takes by the name of such a topic, the names of the others
     */
    public void ensure(List<TopicSpec> topics, Map<String, List<String>> takes) throws InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(adminSettings, timeout)) {
            ensure(admin, topics, takes);
        } catch (KafkaException e) {
            throw new KafkaUnusable(adminSettings, timeout).because(e, BootstrapServers.look(adminSettings));
        }
    }

    /**
     * The same for a topic of one partition, compacted, from which nothing is deleted by its age, such as one of marks: a mark
     * that is gone would have done again what must be done once.
     *
     * @throws TopicSetupException also if the topic is there and is not compacted
     */
    public void ensureKept(String name) throws InterruptedException {
        Map<String, String> kept = Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        try (TopicAdmin admin = new TopicAdmin(adminSettings, timeout)) {
            ensure(admin, List.of(new TopicSpec(name, 1, kept)), Map.of());
            requireKept(admin, name);
        } catch (KafkaException e) {
            throw new KafkaUnusable(adminSettings, timeout).because(e, BootstrapServers.look(adminSettings));
        }
    }

    private void ensure(TopicAdmin admin, List<TopicSpec> topics, Map<String, List<String>> takes)
            throws InterruptedException {
        String servers = ClientProperties.bootstrapServers(adminSettings);
        var creation = new TopicCreation(admin, servers, createMissing, timeout, takes, Map.of());
        creation.create(creation.missing(topics), false);
    }

    private void requireKept(TopicAdmin admin, String name) throws InterruptedException {
        String policy;
        try {
            policy = admin.setting(name, TopicConfig.CLEANUP_POLICY_CONFIG).orElse(TopicConfig.CLEANUP_POLICY_COMPACT);
        } catch (AuthorizationException e) {
            LOG.warn("whether {} is compacted may not be read (DESCRIBE_CONFIGS): it has to be", name);
            return;
        }
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw TopicSetupException.ofTopics(
                    "topic " + name + " has cleanup.policy=" + policy + ", and would forget marks by their age."
                            + " Change it with: kafka-configs.sh --bootstrap-server "
                            + ClientProperties.bootstrapServers(adminSettings) + " --alter --entity-type topics"
                            + " --entity-name " + name + " --add-config cleanup.policy=compact",
                    null);
        }
    }

    /**
     * How large a record may be that a topic takes, in bytes, its batch among them; empty if the topic is not there, or this
     * client may not ask.
     *
     * @throws KafkaException if Kafka does not answer in time, or refuses
     */
    public OptionalInt maxMessageBytes(String topic) throws InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(adminSettings, timeout)) {
            return admin.maxMessageBytes(topic);
        } catch (AuthorizationException e) {
            LOG.debug("the size limit of topic {} may not be read", topic, e);
            return OptionalInt.empty();
        }
    }
}
