package dev.serai.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

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
    private final Function<Map<String, Object>, Admin> admins;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** The ends that are not reached yet. */
    private final Map<TopicPartition, Long> pending = new HashMap<>();

    private @Nullable Admin admin;

    /** What to do when records were deleted, or the topic was, that reading had not come to yet. */
    public enum Gap {
        /** Goes on with what is left: for who reads to the end, once. */
        PASS("earliest", 50),

        /** {@link #readMore} fails: who keeps what was read may have missed that some of it was taken back. */
        FAIL("none", 500);

        private final String offsetReset;

        /** Until the broker answers that there is nothing new; the reader's end waits for that answer, too. */
        private final int fetchWaitMillis;

        Gap(String offsetReset, int fetchWaitMillis) {
            this.offsetReset = offsetReset;
            this.fetchWaitMillis = fetchWaitMillis;
        }
    }

    /**
     * The topic as it is now.
     *
     * @param id another one if the topic is deleted and created again
     * @param partitions at least 1
     * @param leaderless those of them that nobody can read now; to take one in takes the time limit, and fails
     */
    public record Shape(Uuid id, int partitions, Set<Integer> leaderless) {}

    /**
     * @param kafkaProperties {@code bootstrap.servers} at least
     * @param timeLimit for {@link #readToEnd}, and for each answer of Kafka; at least 1 ms
     */
    public CompactedTopicReader(Map<String, Object> kafkaProperties, String topic, Gap gap, Duration timeLimit) {
        this(kafkaProperties, topic, gap, timeLimit, Admin::create);
    }

    CompactedTopicReader(
            Map<String, Object> kafkaProperties,
            String topic,
            Gap gap,
            Duration timeLimit,
            Function<Map<String, Object>, Admin> admins) {
        this.admins = admins;
        this.topic = topic;
        this.timeLimit = timeLimit;
        settings = ClientProperties.within(kafkaProperties, timeLimit);
        consumer = Consumers.of(
                settings,
                Map.of(
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        gap.offsetReset,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        gap.fetchWaitMillis,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        FETCH_BYTES,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        PARTITION_FETCH_BYTES,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        POLL_RECORDS));
    }

    /** How many partitions a topic has; 0 if there is no such topic. */
    public int partitionCount(String name) {
        return consumer.partitionsFor(name).size();
    }

    /**
     * Asks Kafka for the topic as it is now.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException if there is no such topic
     * @throws KafkaException if Kafka does not answer, or refuses
     */
    public Shape shape() {
        TopicDescription description =
                answer(admin().describeTopics(List.of(topic)).allTopicNames()).get(topic);
        if (description == null) {
            throw new KafkaException("Kafka answered without topic " + topic);
        }
        Set<Integer> leaderless = description.partitions().stream()
                .filter(partition ->
                        partition.leader() == null || partition.leader().isEmpty())
                .map(TopicPartitionInfo::partition)
                .collect(Collectors.toSet());
        return new Shape(description.topicId(), description.partitions().size(), leaderless);
    }

    /**
     * Hands over the records of the partitions, in order within each, until the end of each is reached; what is
     * appended meanwhile may be among them.
     *
     * @throws TopicReadException if the time limit passes
     * @throws KafkaException if Kafka does not answer, or refuses
     */
    public void readToEnd(Set<Integer> partitions, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        readToEnd(partitions, action, reached -> {});
    }

    /**
     * As {@link #readToEnd(Set, Consumer)}.
     *
     * @param reached is told of each partition when its end is reached, while others may still be read
     */
    public void readToEnd(
            Set<Integer> partitions, Consumer<ConsumerRecord<byte[], byte[]>> action, IntConsumer reached) {
        Deadline deadline = new Deadline(timeLimit);
        begin(partitions);
        while (!isAtEnd(deadline, reached)) {
            if (deadline.hasPassed()) {
                throw stopped();
            }
            readMore(POLL, action);
        }
    }

    /**
     * Takes partitions in, from their beginning; those that are being read already go on where they are.
     *
     * @return the ends of those that were taken in, as they are now, by partition
     * @throws KafkaException if Kafka does not answer, or refuses; nothing has changed then
     */
    public Map<Integer, Long> begin(Set<Integer> partitions) {
        Set<TopicPartition> added = partitions.stream()
                .map(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toSet());
        Map<TopicPartition, Long> ends = ends(added);
        pending.putAll(ends);
        Set<TopicPartition> all = new HashSet<>(consumer.assignment());
        all.addAll(added);
        consumer.assign(all);
        consumer.seekToBeginning(added);
        return ends.entrySet().stream()
                .collect(Collectors.toMap(end -> end.getKey().partition(), Map.Entry::getValue));
    }

    /**
     * From now on the end is that of this moment.
     *
     * @throws KafkaException if Kafka does not answer, or refuses; nothing has changed then
     */
    public void expectEnd() {
        pending.putAll(ends(consumer.assignment()));
    }

    /**
     * Whether all was read that the partitions held when they were taken in, or when their end was last
     * {@linkplain #expectEnd asked for}.
     *
     * @throws KafkaException if Kafka does not answer, or refuses
     */
    public boolean isAtEnd() {
        return isAtEnd(new Deadline(timeLimit), reached -> {});
    }

    private boolean isAtEnd(Deadline deadline, IntConsumer reached) {
        pending.entrySet().removeIf(end -> {
            boolean atEnd = consumer.position(end.getKey(), deadline.left()) >= end.getValue();
            if (atEnd) {
                reached.accept(end.getKey().partition());
            }
            return atEnd;
        });
        return pending.isEmpty();
    }

    /**
     * Hands over what comes within the time limit, or returns without.
     *
     * @throws org.apache.kafka.clients.consumer.InvalidOffsetException over a gap, with {@link Gap#FAIL}
     * @throws KafkaException if Kafka refuses; while it is away, nothing comes
     */
    public void readMore(Duration limit, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        consumer.poll(limit).forEach(action);
    }

    private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        var latest =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        var asked = admin().listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED));
        return answer(asked.all()).entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue()
                .offset()));
    }

    private Admin admin() {
        if (admin == null) {
            admin = admins.apply(settings);
        }
        return admin;
    }

    private <T> T answer(KafkaFuture<T> asked) {
        try {
            return asked.get(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw KafkaAnswers.refusal(e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("Kafka did not answer about " + topic + " within " + timeLimit, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** What it is when reading does not come to the end within a time limit of the caller's own. */
    public TopicReadException stopped() {
        String where = pending.entrySet().stream()
                .map(end -> end.getKey() + " at offset " + consumer.position(end.getKey()) + " of " + end.getValue())
                .sorted()
                .collect(Collectors.joining(", "));
        return new TopicReadException(topic + " was not read to its end within " + timeLimit.toMillis() / 1000.0
                + " s: stopped in " + where + ". A transaction that a killed producer left open blocks reading until"
                + " Kafka ends it, at that producer's transaction.timeout.ms: try again then. Else check the brokers,"
                + " and whether the time limit fits the size of the topic");
    }

    /**
     * Does not wait for Kafka: the answer to a fetch that is on its way comes up to 500 ms later, and is of no use. An
     * interrupted thread stays interrupted.
     */
    @Override
    public void close() {
        Consumers.close(consumer);
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
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
