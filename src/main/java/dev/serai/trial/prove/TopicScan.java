package dev.serai.trial.prove;

import dev.serai.kafka.ClientProperties;
import dev.serai.kafka.Consumers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads topics from their beginning, in no group. For one thread. */
final class TopicScan implements AutoCloseable {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

    private final KafkaConsumer<byte[], byte[]> consumer;

    TopicScan(Map<String, Object> kafkaProperties, String topic, IsolationLevel isolation) {
        // An empty poll of one partition holds back none of the others for long.
        consumer = Consumers.of(
                ClientProperties.within(kafkaProperties, ANSWER_LIMIT),
                Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation.toString(),
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        50));
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** The records that come in next, possibly none. */
    List<ConsumerRecord<byte[], byte[]>> next(Duration atMost) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        consumer.poll(atMost).forEach(records::add);
        return records;
    }

    /**
     * What is left up to the end as it is now, as far as this reader sees it.
     *
     * @throws TimeoutException if that does not come within 20 s
     */
    List<ConsumerRecord<byte[], byte[]>> rest() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        long deadline = System.nanoTime() + ANSWER_LIMIT.toNanos();
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(
                        "not all of " + consumer.assignment() + " came within " + ANSWER_LIMIT.toSeconds() + " s");
            }
            records.addAll(next(Duration.ofMillis(100)));
        }
        return records;
    }

    @Override
    public void close() {
        Consumers.close(consumer);
    }
}
