package dev.serai.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.source.table.TopicTable;
import dev.serai.testing.Producers;
import dev.serai.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long a table of enrichment takes to be read from its topic, in a process that does nothing else, and how
 * much heap an entry takes. Keys have 20 bytes, values 200; the topic is not compacted yet: each key has one record.
 */
final class TopicTableRun {
    /** What the process may have; the table of a million entries must fit. */
    static final String MAX_HEAP = "600m";

    private static final String TOPIC = "bench-restore.places";
    private static final int VALUE_BYTES = 200;
    private static final String RESULT = "READ";
    private static final Duration TIME_LIMIT = Duration.ofMinutes(2);

    private TopicTableRun() {}

    /**
     * One restore.
     *
     * @param heapBytes what the table takes of the heap, its keys and values included
     * @param cpu of the process from its start on, its JVM's start included
     */
    record Restored(long entries, Duration duration, long heapBytes, Duration cpu) {
        ObjectNode json() {
            return Json.MAPPER
                    .createObjectNode()
                    .put("entries", entries)
                    .put("max_heap", MAX_HEAP)
                    .put("restore_millis", duration.toMillis())
                    .put("heap_bytes_per_entry", heapBytes / entries)
                    .put("cpu_millis", cpu.toMillis());
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,d entries of %d bytes restored in %.1f s with -Xmx%s: %,d/s; %d bytes of heap for each, key and value"
                            + " included; %.1f s of CPU since the start of the process",
                    entries,
                    VALUE_BYTES,
                    duration.toMillis() / 1e3,
                    MAX_HEAP,
                    Math.round(entries * 1e9 / duration.toNanos()),
                    heapBytes / entries,
                    cpu.toMillis() / 1e3);
        }
    }

    /** @throws BenchFailure if not all entries came back */
    static Restored measure(Workplace workplace, String bootstrapServers, int partitions, int entries)
            throws Exception {
        prepare(bootstrapServers, partitions, entries);
        try (ChildProcess process = workplace.startWithHeap(
                MAX_HEAP,
                "restore-topic-table",
                System.getProperty("java.class.path"),
                TopicTableRun.class,
                List.of(bootstrapServers))) {
            String[] result = process.awaitValue(RESULT).split(" ", -1);
            Restored restored = new Restored(
                    Long.parseLong(result[0]),
                    Duration.ofNanos(Long.parseLong(result[1])),
                    Long.parseLong(result[2]),
                    process.cpu());
            if (restored.entries() != entries) {
                throw new BenchFailure(restored.entries() + " of " + entries + " entries were restored");
            }
            return restored;
        }
    }

    private static void prepare(String bootstrapServers, int partitions, int entries) throws Exception {
        Map<String, Object> kafka = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (Admin admin = Admin.create(kafka)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(partitions), Optional.empty())
                            .configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            // Only leaders answer. A producer that comes too early may lose its first batches for good.
            admin.listOffsets(IntStream.range(0, partitions)
                            .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        Random random = new Random(1);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (var producer = Producers.with(kafka)) {
            for (int number = 0; number < entries; number++) {
                byte[] value = new byte[VALUE_BYTES];
                random.nextBytes(value);
                byte[] key = "place-%014d".formatted(number).getBytes(StandardCharsets.UTF_8);
                var unused = producer.send(
                        new ProducerRecord<>(TOPIC, number % partitions, key, value), (metadata, lost) -> {
                            if (lost != null) {
                                failure.compareAndSet(null, lost);
                            }
                        });
            }
        }
        Exception failed = failure.get();
        if (failed != null) {
            throw new BenchFailure("the topic " + TOPIC + " could not be filled", failed);
        }
    }

    /** The process that restores: it prints the result, and waits to be ended. */
    public static void main(String[] arguments) throws InterruptedException {
        long before = usedHeap();
        var table = new TopicTable(
                "places", Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]), TOPIC, VALUE_BYTES);
        long begin = System.nanoTime();
        table.start();
        if (!table.awaitRestored(TIME_LIMIT)) {
            throw new IllegalStateException("the table was not restored within " + TIME_LIMIT.toSeconds() + " s");
        }
        long duration = System.nanoTime() - begin;
        // The client's buffers go; the table stays until it is asked for its size.
        table.close();
        long heap = usedHeap() - before;
        System.out.println(RESULT + "=" + table.size() + " " + duration + " " + heap);
        Thread.currentThread().join();
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
