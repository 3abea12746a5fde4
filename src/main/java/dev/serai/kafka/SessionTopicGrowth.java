package dev.serai.kafka;

import dev.serai.loop.Counted;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
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
    private static final Duration VISIBILITY_POLL = Duration.ofMillis(50);

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
        var settings = new HashMap<>(adminSettings);
        int milliseconds = Math.toIntExact(timeout.toMillis());
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, milliseconds);
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, milliseconds);
        this.adminSettings = Map.copyOf(settings);
    }

    /**
     * Returns when the session topic has at least so many partitions, and those that were added have leaders.
     *
     * @param partitions as many as the start topic has; at least 1
     * @throws TopicSetupException if Kafka refuses or does not answer in time; with the reason, and the command for an
     *     administrator. Nothing is left half done: to be tried again later
     */
    public void growTo(int partitions) throws InterruptedException {
        try (Admin admin = Admin.create(adminSettings)) {
            int before = describe(admin).partitions().size();
            if (before < partitions) {
                add(admin, partitions);
                awaitLeaders(admin, before, partitions);
            }
        } catch (UnknownTopicOrPartitionException e) {
            throw refused(partitions, "there is no such topic", e);
        } catch (RetriableException e) {
            throw refused(partitions, "Kafka did not answer within " + timeout.toMillis() / 1000.0 + " s", e);
        } catch (KafkaException e) {
            throw refused(partitions, String.valueOf(e.getMessage()), e);
        }
    }

    private void add(Admin admin, int partitions) throws InterruptedException {
        try {
            answer(admin.createPartitions(Map.of(sessionTopic, NewPartitions.increaseTo(partitions)))
                    .all());
            log.info(
                    "topic {} has {} now, as many as the start topic",
                    sessionTopic,
                    Counted.text(partitions, "partition"));
        } catch (InvalidPartitionsException e) {
            // Another replica was faster; the broker that is asked next may not have heard of it yet.
            log.debug("topic {} was not given {} partitions", sessionTopic, partitions, e);
        }
    }

    private void awaitLeaders(Admin admin, int before, int partitions) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!hasLeaders(describe(admin), before, partitions)) {
            if (System.nanoTime() >= deadline) {
                throw refused(
                        partitions,
                        "the new ones are not there, or have no leader, after " + timeout.toMillis() / 1000.0 + " s",
                        null);
            }
            Thread.sleep(VISIBILITY_POLL);
        }
    }

    /** Of the added ones: those that were there before are none of this method's business. */
    private static boolean hasLeaders(TopicDescription topic, int before, int partitions) {
        return topic.partitions().size() >= partitions
                && topic.partitions().stream()
                        .filter(partition -> partition.partition() >= before)
                        .allMatch(partition -> partition.leader() != null
                                && !partition.leader().isEmpty());
    }

    private TopicDescription describe(Admin admin) throws InterruptedException {
        return answer(admin.describeTopics(List.of(sessionTopic)).allTopicNames())
                .values()
                .iterator()
                .next();
    }

    private TopicSetupException refused(int partitions, String reason, @Nullable KafkaException cause) {
        return new TopicSetupException(
                sessionTopic + " was not given " + partitions + " partitions, as many as the start topic has: " + reason
                        + ". Nothing that is remembered is lost with: "
                        + command(bootstrapServers(), sessionTopic, partitions),
                cause);
    }

    /** The command that does the same, for an administrator. */
    public static String command(String bootstrapServers, String sessionTopic, int partitions) {
        return "kafka-topics.sh --bootstrap-server " + bootstrapServers + " --alter --topic " + sessionTopic
                + " --partitions " + partitions;
    }

    private String bootstrapServers() {
        return String.valueOf(adminSettings.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    private static <T> T answer(KafkaFuture<T> pending) throws InterruptedException {
        try {
            return pending.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }
}
