package dev.serai.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.session.RestoreMeasurement;
import dev.serai.wire.Json;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Measures how long the session table takes to come back from its topic, in a process that has little heap and does
 * nothing else. The topic is filled as the service fills it, and is not compacted yet: each conversation has one record.
 */
final class RestoreRun {
    /** What the process may have; the table of a million conversations must fit. */
    static final String MAX_HEAP = "400m";

    private static final String TOPIC = "bench-restore.sessions";
    private static final String RESULT = "RESTORED";

    private RestoreRun() {}

    /**
     * One restore.
     *
     * @param usedHeapMebibytes of the process after a garbage collection, with the table in it
     * @param cpu of the process from its start on, its JVM's start included
     */
    record Restored(int conversations, Duration duration, long usedHeapMebibytes, Duration cpu) {
        ObjectNode json() {
            return Json.MAPPER
                    .createObjectNode()
                    .put("conversations", conversations)
                    .put("max_heap", MAX_HEAP)
                    .put("restore_millis", duration.toMillis())
                    .put("used_heap_mebibytes", usedHeapMebibytes)
                    .put("cpu_millis", cpu.toMillis());
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,d conversations restored in %.1f s with -Xmx%s: %,d/s; %d MiB of heap used; %.1f s of CPU since the"
                            + " start of the process",
                    conversations,
                    duration.toMillis() / 1e3,
                    MAX_HEAP,
                    Math.round(conversations * 1e9 / duration.toNanos()),
                    usedHeapMebibytes,
                    cpu.toMillis() / 1e3);
        }
    }

    /** @throws BenchFailure if not all conversations came back */
    static Restored measure(Workplace workplace, String bootstrapServers, int partitions, int conversations)
            throws Exception {
        RestoreMeasurement.prepare(bootstrapServers, TOPIC, partitions, conversations);
        try (ChildProcess process = workplace.startWithHeap(
                MAX_HEAP,
                "restore",
                System.getProperty("java.class.path"),
                RestoreRun.class,
                List.of(bootstrapServers, Integer.toString(partitions)))) {
            String[] result = process.awaitValue(RESULT).split(" ", -1);
            Restored restored = new Restored(
                    Integer.parseInt(result[0]),
                    Duration.ofNanos(Long.parseLong(result[1])),
                    Long.parseLong(result[2]) >> 20,
                    process.cpu());
            if (restored.conversations() != conversations) {
                throw new BenchFailure(
                        restored.conversations() + " of " + conversations + " conversations were restored");
            }
            return restored;
        }
    }

    /** The process that restores: it prints the result, and waits to be ended. */
    public static void main(String[] arguments) throws InterruptedException {
        RestoreMeasurement.Result result =
                RestoreMeasurement.restore(arguments[0], TOPIC, Integer.parseInt(arguments[1]));
        System.out.println(RESULT + "=" + result.conversations() + " "
                + result.duration().toNanos() + " " + result.usedHeapBytes());
        Thread.currentThread().join();
    }
}
