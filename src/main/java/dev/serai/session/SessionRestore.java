package dev.serai.session;

import dev.serai.topic.CompactedTopicReader;
import dev.serai.topic.TopicReadException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads partitions of the session topic into the {@link SessionTable}, before the first of their events runs.
 *
 * <p>Immutable; each {@link #restore} opens and closes Kafka clients of its own. Restores of different partitions may
 * run at the same time.
 */
public final class SessionRestore {
    private static final Logger log = LoggerFactory.getLogger(SessionRestore.class);

    private final Map<String, Object> kafkaProperties;
    private final String sessionTopic;
    private final String startTopic;
    private final SessionTable table;
    private final Duration timeLimit;

    /**
     * @param kafkaProperties for consumers and admin clients, {@code bootstrap.servers} among them
     * @param timeLimit for one restore; at least 1 ms
     */
    public SessionRestore(
            Map<String, Object> kafkaProperties,
            String sessionTopic,
            String startTopic,
            SessionTable table,
            Duration timeLimit) {
        this.kafkaProperties = Map.copyOf(kafkaProperties);
        this.sessionTopic = sessionTopic;
        this.startTopic = startTopic;
        this.table = table;
        this.timeLimit = timeLimit;
    }

    /**
     * Opens the partitions in the table and fills them with what was committed before this call, by whichever instance;
     * transactions that are under way are waited for. What is expired is left out, and so are records that cannot be
     * read, with a warning.
     *
     * @param partitions of the start topic, and of the session topic alike
     * @param ready is told of each partition as soon as it is filled, on this thread
     * @throws SessionRestoreException if the session topic lacks some of the partitions, or is not read to its end within
     *     the time limit; those that are not ready are not open then
     * @throws org.apache.kafka.common.KafkaException if Kafka refuses, or the thread is interrupted; likewise
     */
    public void restore(Set<Integer> partitions, IntConsumer ready) {
        if (partitions.isEmpty()) {
            return;
        }
        long begin = System.nanoTime();
        partitions.forEach(table::open);
        Set<Integer> left = new TreeSet<>(partitions);
        try (var reader =
                new CompactedTopicReader(kafkaProperties, sessionTopic, CompactedTopicReader.Gap.PASS, timeLimit)) {
            int there = reader.partitionCount(sessionTopic);
            Set<Integer> readable =
                    left.stream().filter(partition -> partition < there).collect(Collectors.toCollection(TreeSet::new));
            reader.readToEnd(readable, this::take, partition -> {
                left.remove(partition);
                log.info(
                        "sessions of partition {} read: {} conversations in memory, {} ms",
                        partition,
                        table.size(),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
                ready.accept(partition);
            });
            requirePartitions(reader, left);
        } catch (TopicReadException e) {
            throw SessionRestoreException.notRead(e);
        } catch (TimeoutException e) {
            throw new SessionRestoreException(
                    "Kafka at " + bootstrapServers() + " did not answer within " + timeLimit.toMillis() / 1000.0
                            + " s while sessions were read from " + sessionTopic + ": check that it runs",
                    e);
        } finally {
            left.forEach(table::close);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> stored) {
        byte[] key = stored.key();
        byte[] value = stored.value();
        if (key == null) {
            warn(stored, "has no key");
        } else if (value == null) {
            table.forget(stored.partition(), key);
        } else {
            try {
                table.put(stored.partition(), key, SessionRecord.decode(value));
            } catch (SessionRecord.UnreadableException e) {
                warn(stored, e.getMessage());
            }
        }
    }

    private static void warn(ConsumerRecord<?, ?> stored, @Nullable String reason) {
        log.warn(
                "session record {}-{}-{} is left out, its conversation goes on with what was known before: {}",
                stored.topic(),
                stored.partition(),
                stored.offset(),
                reason);
    }

    private void requirePartitions(CompactedTopicReader reader, Set<Integer> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        int sessions = reader.partitionCount(sessionTopic);
        int needed = new TreeSet<>(partitions).last() + 1;
        if (sessions >= needed) {
            return;
        }
        if (sessions == 0) {
            throw SessionRestoreException.noTopic(sessionTopic);
        }
        int wanted = Math.max(needed, reader.partitionCount(startTopic));
        throw new SessionRestoreException(
                sessionTopic + " has " + partitionsOf(sessions) + " and " + startTopic + " has " + wanted
                        + ": sessions of the others can be neither read nor kept. Give it as many with: "
                        + "kafka-topics.sh --bootstrap-server " + bootstrapServers() + " --alter --topic "
                        + sessionTopic + " --partitions " + wanted,
                null);
    }

    private static String partitionsOf(int count) {
        return count + (count == 1 ? " partition" : " partitions");
    }

    private String bootstrapServers() {
        return String.valueOf(kafkaProperties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }
}
