package dev.serai.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Replies as a {@code read_committed} consumer sees them. For one thread. */
final class ReplyReader implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;

    private ReplyReader(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /**
     * All partitions of the topic from their beginning, for counting under load: it waits up to 20 ms for a good load, so
     * that it takes little of the machine's CPU. That is how late it sees a reply at most.
     */
    static ReplyReader underLoad(String bootstrapServers, String topic, int partitions) {
        List<TopicPartition> all = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            all.add(new TopicPartition(topic, partition));
        }
        KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers, 1 << 20, 20);
        consumer.assign(all);
        consumer.seekToBeginning(all);
        return new ReplyReader(consumer);
    }

    /**
     * One partition from its present end, for measuring latency: an own connection, on which the broker answers as soon as
     * there is a reply. One consumer for all of them would now and then fetch a partition only when the broker has
     * answered its fetch of the others.
     */
    static ReplyReader atRest(String bootstrapServers, String topic, int partition) {
        List<TopicPartition> one = List.of(new TopicPartition(topic, partition));
        KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers, 1, 500);
        consumer.assign(one);
        consumer.seekToEnd(one);
        // Seeking is lazy: what comes from now on must not be skipped.
        consumer.position(one.getFirst());
        return new ReplyReader(consumer);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers, int minBytes, int maxWaitMillis) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                        minBytes,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        maxWaitMillis,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        10_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /**
     * The events that have been answered since the last time.
     *
     * @return their numbers, in the order of their replies within each partition
     * @throws BenchFailure if one was answered with something else than a session
     */
    List<Integer> poll() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> reply : consumer.poll(Duration.ofMillis(100))) {
            SeenReply seen = SeenReply.read(reply.value());
            if (!seen.started()) {
                throw new BenchFailure(seen.eventId() + " was answered with a failure");
            }
            numbers.add(Events.number(seen.eventId()));
        }
        return numbers;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
