package dev.serai.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a compacted topic of marks is there, from which nothing is deleted by its age: a mark that is gone would
 * have done again what must be done once. One partition, the broker's default replication. Immutable.
 *
 * @param adminSettings the admin client's settings, {@code bootstrap.servers} at least
 * @param createMissing false to fail over a missing topic instead of creating it
 * @param timeout for each answer of Kafka; at least 1 ms
 */
public record MarksTopicSetup(Map<String, Object> adminSettings, boolean createMissing, Duration timeout) {
    private static final Logger LOG = LoggerFactory.getLogger(MarksTopicSetup.class);

    public MarksTopicSetup {
        adminSettings = Map.copyOf(adminSettings);
    }

    /**
     * Returns once it exists.
     *
     * @throws TopicSetupException with what to do, if it may not be created, is not compacted, or if Kafka refuses
     */
    public void ensure(String name) throws InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(adminSettings, timeout)) {
            createIfMissing(
                    admin,
                    new TopicSpec(
                            name, 1, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)));
            requireKept(admin, name);
        } catch (KafkaException e) {
            throw new KafkaUnusable(adminSettings, timeout).because(e, BootstrapServers.look(adminSettings));
        }
    }

    private void createIfMissing(TopicAdmin admin, TopicSpec topic) throws InterruptedException {
        try {
            admin.describe(topic.name());
            return;
        } catch (UnknownTopicOrPartitionException e) {
            LOG.debug("topic {} is missing", topic.name(), e);
        } catch (TopicAuthorizationException e) {
            throw TopicSetupException.ofTopics(
                    "topic " + topic.name() + " is missing, or this client may not use it: it needs READ, WRITE and"
                            + " DESCRIBE on it, and CREATE if it is to be created (" + e.getMessage() + ")",
                    e);
        }
        if (!createMissing) {
            throw missing(topic, "serai.kafka.create-topics is false", null);
        }
        try {
            if (admin.create(topic, false)) {
                LOG.info("created topic {}", topic);
            }
        } catch (AuthorizationException e) {
            throw missing(topic, String.valueOf(e.getMessage()), e);
        }
        if (!admin.awaitLeaders(topic.name(), 0, 1)) {
            throw new TopicSetupException(
                    "topic " + topic.name() + " has no leader after " + timeout.toMillis() / 1000.0
                            + " s: check the brokers",
                    null);
        }
    }

    private TopicSetupException missing(TopicSpec topic, String why, @Nullable AuthorizationException cause) {
        return TopicSetupException.ofTopics(
                "topic " + topic.name() + " is missing and was not created (" + why + "). Create it with:"
                        + System.lineSeparator() + "  "
                        + topic.createCommand(ClientProperties.bootstrapServers(adminSettings)),
                cause);
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
}
