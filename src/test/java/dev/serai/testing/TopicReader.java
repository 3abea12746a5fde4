package dev.serai.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Reads all of a topic, from its beginning, as a {@code read_committed} consumer sees it. For one thread. */
public final class TopicReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<ConsumerRecord<byte[], byte[]>> seen = new ArrayList<>();
    private final String topic;
    private final Admin admin;

    public TopicReader(String bootstrapServers, String topic) {
        this.topic = topic;
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        // An empty poll of one partition holds back none of the others for long.
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        20,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = partitions();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** A topic that was just created is one of the controller's first, and of the broker's a little later. */
    private List<TopicPartition> partitions() {
        List<PartitionInfo> known = Awaitility.await("the topic " + topic)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .atMost(PATIENCE)
                .until(() -> consumer.partitionsFor(topic), found -> !found.isEmpty());
        return known.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    /** The first record that fits, waiting for it if need be. */
    public ConsumerRecord<byte[], byte[]> await(String what, Predicate<ConsumerRecord<byte[], byte[]>> fits) {
        return awaitCount(what, fits, 1).getFirst();
    }

    /** At least that many records that fit. */
    public List<ConsumerRecord<byte[], byte[]>> awaitCount(
            String what, Predicate<ConsumerRecord<byte[], byte[]>> fits, int count) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        int looked = 0;
        while (true) {
            seen.subList(looked, seen.size()).stream().filter(fits).forEach(found::add);
            looked = seen.size();
            if (found.size() >= count) {
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s for " + count + " × " + what + " on "
                        + topic + ", got " + found.size() + " among " + seen.size() + " records");
            }
            consumer.poll(Duration.ofMillis(50)).forEach(seen::add);
        }
    }

    /** The records that come in next, possibly none. */
    public List<ConsumerRecord<byte[], byte[]>> next(Duration atMost) {
        int before = seen.size();
        consumer.poll(atMost).forEach(seen::add);
        return List.copyOf(seen.subList(before, seen.size()));
    }

    /** All records that are in the topic now; of a transaction that is being decided, when it is. */
    public List<ConsumerRecord<byte[], byte[]>> all() {
        var ends = ends();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s for the end of " + topic);
            }
            consumer.poll(Duration.ofMillis(50)).forEach(seen::add);
        }
        return List.copyOf(seen);
    }

    /** Not the consumer's own idea of the ends, which leaves out what is written and not yet decided. */
    private Map<TopicPartition, Long> ends() {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        consumer.assignment().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        try {
            admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                    .all()
                    .get()
                    .forEach((partition, end) -> ends.put(partition, end.offset()));
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the ends of " + topic + " cannot be read", e);
        }
        return ends;
    }

    /** A header as text, or null. */
    public static @Nullable String header(ConsumerRecord<?, ?> kafkaRecord, String name) {
        Header header = kafkaRecord.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}
