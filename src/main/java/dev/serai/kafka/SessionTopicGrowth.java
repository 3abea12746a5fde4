package dev.serai.kafka;

import dev.serai.loop.Counted;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the session topic more partitions when the start topic has been given more. Nothing that is remembered is lost:
 * a session record stays in the partition that its event came from, and partitions are only added.
 *
 * <p>Immutable and thread-safe; each {@link #growTo} opens and closes an admin client of its own. Several replicas, and
 * several threads of one, may grow the topic at the same time: one adds the partitions, all go on.
 */
public final class SessionTopicGrowth {
    private static final Logger log = LoggerFactory.getLogger(SessionTopicGrowth.class);

    private final Map<String, Object> adminSettings;
    private final String sessionTopic;
    private final Duration timeout;

    /**
     * @param adminSettings the admin client's settings, {@code bootstrap.servers} at least
     * @param sessionTopic its name; the topic exists
     * @param timeout for each answer of Kafka and for new partitions to get leaders; at least 1 ms
     */
    public SessionTopicGrowth(Map<String, Object> adminSettings, String sessionTopic, Duration timeout) {
        this.sessionTopic = sessionTopic;
        this.timeout = timeout;
        this.adminSettings = Map.copyOf(adminSettings);
    }

    /**
     * Returns when the session topic has at least so many partitions, and those that were added have leaders.
     *
     * @param partitions as many as the start topic has; at least 1
     * @throws TopicSetupException if Kafka refuses or does not answer in time; with the reason, and the command for an
     *     administrator. Nothing is left half done: to be tried again later
     */
    public void growTo(int partitions) throws InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(adminSettings, timeout)) {
            int before = admin.describe(sessionTopic).partitions().size();
            if (before < partitions) {
                add(admin, partitions);
                if (!admin.awaitLeaders(sessionTopic, before, partitions)) {
                    throw refused(
                            partitions,
                            "the new ones are not there, or have no leader, after " + timeout.toMillis() / 1000.0
                                    + " s",
                            null);
                }
            }
        } catch (UnknownTopicOrPartitionException e) {
            throw refused(partitions, "there is no such topic", e);
        } catch (RetriableException e) {
            throw refused(partitions, "Kafka did not answer within " + timeout.toMillis() / 1000.0 + " s", e);
        } catch (KafkaException e) {
            throw refused(partitions, String.valueOf(e.getMessage()), e);
        }
    }

    private void add(TopicAdmin admin, int partitions) throws InterruptedException {
        try {
            admin.growTo(sessionTopic, partitions);
            log.info(
                    "topic {} has {} now, as many as the start topic",
                    sessionTopic,
                    Counted.text(partitions, "partition"));
        } catch (InvalidPartitionsException e) {
            // Another replica was faster; the broker that is asked next may not have heard of it yet.
            log.debug("topic {} was not given {} partitions", sessionTopic, partitions, e);
        }
    }

    private TopicSetupException refused(int partitions, String reason, @Nullable KafkaException cause) {
        return new TopicSetupException(
                sessionTopic + " was not given " + partitions + " partitions, as many as the start topic has: " + reason
                        + ". Nothing that is remembered is lost with: "
                        + command(ClientProperties.bootstrapServers(adminSettings), sessionTopic, partitions),
                cause);
    }

    /** The command that gives a topic partitions, for an administrator. */
    public static String command(String bootstrapServers, String topic, int partitions) {
        return "kafka-topics.sh --bootstrap-server " + bootstrapServers + " --alter --topic " + topic + " --partitions "
                + partitions;
    }
}
