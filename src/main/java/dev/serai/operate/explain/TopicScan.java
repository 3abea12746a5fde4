package dev.serai.operate.explain;

import dev.serai.kafka.ClientProperties;
import dev.serai.kafka.Consumers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks through partitions from their newest records back, in windows, so that what has just happened is found first and a
 * time limit leaves the oldest unseen. Holds a fetch at a time. A member of no group. For one thread.
 */
final class TopicScan implements AutoCloseable {
    /** Offsets of a partition that are read at once. */
    static final long WINDOW = 20_000;

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final IsolationLevel isolation;
    private final TimeLeft limit;
    private final Looked.Progress progress;
    private final long window;

    TopicScan(
            Map<String, Object> kafka,
            IsolationLevel isolation,
            long window,
            TimeLeft limit,
            Looked.Progress progress) {
        this.isolation = isolation;
        this.limit = limit;
        this.progress = progress;
        this.window = window;
        consumer = Consumers.of(
                ClientProperties.within(kafka, ANSWER_LIMIT),
                Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation.name().toLowerCase(Locale.ROOT),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        50,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        8 << 20,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        4 << 20,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        2_000));
    }

    private record Window(TopicPartition partition, long begin, long end) {}

    /**
     * Hands over what is committed since the extents' times.
     *
     * @param what for the report
     * @param isFound of which records one is enough: all of its window are handed over, and none from before
     */
    Looked since(String what, Collection<Extent> extents, Predicate<ConsumerRecord<byte[], byte[]>> isFound) {
        return scan(
                what,
                extents,
                extents.stream()
                        .map(extent -> new Window(extent.partition(), extent.since(), extent.stable()))
                        .toList(),
                isFound);
    }

    /** Hands over what is not decided, whatever becomes of it. */
    Looked undecided(String what, Collection<Extent> extents, Predicate<ConsumerRecord<byte[], byte[]>> isFound) {
        if (isolation == IsolationLevel.READ_COMMITTED) {
            throw new IllegalStateException("a read_committed consumer does not see it");
        }
        return scan(
                what,
                extents,
                extents.stream()
                        .map(extent -> new Window(extent.partition(), extent.stable(), extent.end()))
                        .toList(),
                isFound);
    }

    private Looked scan(
            String what,
            Collection<Extent> extents,
            List<Window> ranges,
            Predicate<ConsumerRecord<byte[], byte[]>> isFound) {
        String topic = extents.stream()
                .map(extent -> extent.partition().topic())
                .findFirst()
                .orElse("");
        long all =
                ranges.stream().mapToLong(range -> range.end() - range.begin()).sum();
        long[] records = {0};
        long done = 0;
        boolean[] found = {false};
        List<Window> left = ranges;
        while (!found[0] && !left.isEmpty() && !limit.isOver()) {
            List<Window> newest = new ArrayList<>();
            List<Window> older = new ArrayList<>();
            for (Window range : left) {
                long begin = Math.max(range.begin(), range.end() - window);
                newest.add(new Window(range.partition(), begin, range.end()));
                if (begin > range.begin()) {
                    older.add(new Window(range.partition(), range.begin(), begin));
                }
            }
            if (!read(newest, next -> {
                records[0]++;
                found[0] |= isFound.test(next);
            })) {
                break;
            }
            left = older;
            done += newest.stream()
                    .mapToLong(range -> range.end() - range.begin())
                    .sum();
            progress.at(topic, done, all);
        }
        boolean complete = left.isEmpty() || found[0];
        boolean before = extents.stream().anyMatch(extent -> extent.first() < extent.since());
        return new Looked(topic, what, extents.size(), records[0], complete, before);
    }

    /** @return false if the time has passed before the windows' ends */
    private boolean read(List<Window> windows, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        windows.stream()
                .filter(range -> range.begin() < range.end())
                .forEach(range -> ends.put(range.partition(), range.end()));
        consumer.assign(ends.keySet());
        // Those that were assigned before are as they were left.
        consumer.resume(ends.keySet());
        windows.stream()
                .filter(range -> ends.containsKey(range.partition()))
                .forEach(range -> consumer.seek(range.partition(), range.begin()));
        while (!ends.isEmpty()) {
            if (limit.isOver()) {
                return false;
            }
            for (ConsumerRecord<byte[], byte[]> next : consumer.poll(limit.atMost(POLL))) {
                Long end = ends.get(new TopicPartition(next.topic(), next.partition()));
                if (end != null && next.offset() < end) {
                    action.accept(next);
                }
            }
            ends.entrySet().removeIf(end -> {
                boolean isRead = consumer.position(end.getKey(), ANSWER_LIMIT) >= end.getValue();
                if (isRead) {
                    consumer.pause(List.of(end.getKey()));
                }
                return isRead;
            });
        }
        return true;
    }

    @Override
    public void close() {
        Consumers.close(consumer);
    }
}
