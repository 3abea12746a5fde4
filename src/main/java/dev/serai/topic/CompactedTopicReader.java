package dev.serai.topic;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads partitions of a topic from their beginning, without a consumer group: first to their end, then on. Only what
 * was committed is seen.
 *
 * <p>The end is the high watermark of the moment of asking, and not the last stable offset, which stands still before a
 * transaction that is not decided yet: a killed producer may have left one whose records will count. A
 * {@code read_committed} consumer's position passes such a transaction only when it is decided, so that reaching the
 * end means having seen all that was sent before. Positions, not records, are compared: markers of transactions and
 * compaction leave gaps.
 *
 * <p>For one thread. Buffers up to about {@value #FETCH_BYTES} bytes for each broker that leads one of the partitions.
 */
public final class CompactedTopicReader implements AutoCloseable {
    private static final int FETCH_BYTES = 8 << 20;
    private static final int PARTITION_FETCH_BYTES = 4 << 20;
    private static final int POLL_RECORDS = 2_000;

    /** Between two looks at the clock. */
    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, Object> settings;
    private final String topic;
    private final Duration timeLimit;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * @param kafkaProperties {@code bootstrap.servers} at least
     * @param timeLimit for reading to the end, and for each answer of Kafka; at least 1 ms
     */
    public CompactedTopicReader(Map<String, Object> kafkaProperties, String topic, Duration timeLimit) {
        this.topic = topic;
        this.timeLimit = timeLimit;
        settings = new HashMap<>(kafkaProperties);
        int milliseconds = Math.toIntExact(timeLimit.toMillis());
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, milliseconds);
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, milliseconds);
        consumer = new KafkaConsumer<>(
                consumerSettings(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Map<String, Object> consumerSettings(Map<String, Object> settings) {
        var consumer = new HashMap<>(settings);
        consumer.remove(ConsumerConfig.GROUP_ID_CONFIG);
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumer.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        consumer.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        return consumer;
    }

    /** How many partitions a topic has; 0 if there is no such topic. */
    public int partitionCount(String name) {
        return consumer.partitionsFor(name).size();
    }

    /**
     * Hands over the records of the partitions, in order within each, until the end of each is reached; what is
     * appended meanwhile may be among them.
     *
     * @throws TopicReadException if the time limit passes
     * @throws KafkaException if Kafka does not answer, or refuses
     */
    public void readToEnd(Set<Integer> partitions, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        Deadline deadline = new Deadline(timeLimit);
        Set<TopicPartition> all = partitions.stream()
                .map(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toSet());
        Map<TopicPartition, Long> pending = ends(all);
        consumer.assign(all);
        consumer.seekToBeginning(all);
        while (true) {
            pending.entrySet().removeIf(end -> position(end.getKey(), deadline) >= end.getValue());
            if (pending.isEmpty()) {
                return;
            }
            if (deadline.hasPassed()) {
                throw stopped(pending);
            }
            readMore(POLL, action);
        }
    }

    /** Hands over what comes within the time limit, or returns without. */
    public void readMore(Duration limit, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        consumer.poll(limit).forEach(action);
    }

    private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        var latest =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        try (Admin admin = Admin.create(settings)) {
            Map<TopicPartition, ListOffsetsResultInfo> ends = admin.listOffsets(
                            latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                    .all()
                    .get(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
            return ends.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, end -> end.getValue().offset(), (one, other) -> one, HashMap::new));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("the ends of " + topic + " were not told within " + timeLimit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new org.apache.kafka.common.errors.InterruptException(e);
        }
    }

    private long position(TopicPartition partition, Deadline deadline) {
        return consumer.position(partition, deadline.left());
    }

    private TopicReadException stopped(Map<TopicPartition, Long> pending) {
        String where = pending.entrySet().stream()
                .map(end -> end.getKey() + " at offset " + consumer.position(end.getKey()) + " of " + end.getValue())
                .sorted()
                .collect(Collectors.joining(", "));
        return new TopicReadException(topic + " was not read to its end within " + timeLimit.toMillis() / 1000.0
                + " s: stopped in " + where + ". A transaction that a killed producer left open blocks reading until"
                + " Kafka ends it, at that producer's transaction.timeout.ms: try again then. Else check the brokers,"
                + " and whether the time limit fits the size of the topic");
    }

    @Override
    public void close() {
        consumer.close();
    }

    private static final class Deadline {
        private final long nanos;

        Deadline(Duration limit) {
            nanos = System.nanoTime() + limit.toNanos();
        }

        Duration left() {
            return Duration.ofNanos(Math.max(1, nanos - System.nanoTime()));
        }

        boolean hasPassed() {
            return System.nanoTime() - nanos >= 0;
        }
    }
}
