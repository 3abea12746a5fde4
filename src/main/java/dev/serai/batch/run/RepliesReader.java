package dev.serai.batch.run;

import dev.serai.batch.JobPartitions;
import dev.serai.kafka.Consumers;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * The answers to one job's rows, from where they are to be read on. What was deleted meanwhile is passed over: its rows are lost
 * when they are overdue. Every method may throw what Kafka's clients do. For one thread, but for {@link #wake}.
 */
final class RepliesReader implements AutoCloseable {
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(30);

    private final Map<String, Object> kafka;
    private final String topic;
    private final RowAnswer.Reading reading;
    private final Map<Integer, Long> offsets;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private long lookedAt;

    /** @param from what is read next, by partition; of one that is not named, all */
    RepliesReader(Map<String, Object> kafka, String topic, String job, Map<Integer, Long> from) {
        this.kafka = kafka;
        this.topic = topic;
        reading = new RowAnswer.Reading(job);
        offsets = new HashMap<>(from);
        consumer = Consumers.of(
                kafka,
                Map.of(
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        Replica.ANSWER_MILLIS));
        try {
            assign();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Takes in the partitions that there are by now. */
    private void assign() {
        List<PartitionInfo> there = consumer.partitionsFor(topic);
        if (there.isEmpty()) {
            throw new KafkaException("topic " + topic + " is not there");
        }
        Set<TopicPartition> added = there.stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .collect(Collectors.toSet());
        added.removeAll(consumer.assignment());
        Set<TopicPartition> all = new HashSet<>(consumer.assignment());
        all.addAll(added);
        consumer.assign(all);
        added.forEach(
                partition -> consumer.seek(partition, offsets.computeIfAbsent(partition.partition(), number -> 0L)));
        lookedAt = System.nanoTime();
    }

    /** Hands over the answers that come within the time. */
    void poll(Duration wait, Consumer<RowAnswer> action) {
        if (System.nanoTime() - lookedAt > LOOK_INTERVAL.toNanos()) {
            assign();
        }
        ConsumerRecords<byte[], byte[]> replies = consumer.poll(wait);
        for (ConsumerRecord<byte[], byte[]> reply : replies) {
            reading.of(reply).ifPresent(action);
        }
        replies.nextOffsets().forEach((partition, next) -> offsets.put(partition.partition(), next.offset()));
    }

    /** What is read next, by partition. */
    Map<Integer, Long> offsets() {
        return offsets;
    }

    /** Whether everything is read that the topic has now, decided or not. */
    boolean isAtEnd() {
        Set<TopicPartition> read = consumer.assignment();
        return JobPartitions.ends(kafka, topic).entrySet().stream().allMatch(end -> {
            TopicPartition partition = new TopicPartition(topic, end.getKey());
            // Not what the last record says: what was deleted, or aborted, is passed without one.
            return read.contains(partition) && consumer.position(partition) >= end.getValue();
        });
    }

    /** Ends a poll, or the next one, with {@link org.apache.kafka.common.errors.WakeupException}; from any thread. */
    void wake() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        Consumers.close(consumer);
    }
}
