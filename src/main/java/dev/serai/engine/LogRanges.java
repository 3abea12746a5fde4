package dev.serai.engine;

import dev.serai.loop.RepeatedWarning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, beside the consumer's thread, where the logs of partitions begin and end whose position was found outside.
 * Thread-safe.
 */
public final class LogRanges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogRanges.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final Admin admin;
    private final RepeatedWarning failing = new RepeatedWarning(LOG);
    private final Map<TopicPartition, Thread> asking = new HashMap<>();
    private final List<LogRange> found = new ArrayList<>();

    /**
     * @param position where the consumer was
     * @param begin of the first record, inclusive
     * @param end exclusive
     */
    record LogRange(TopicPartition partition, long position, long begin, long end) {}

    public LogRanges(Admin admin) {
        this.admin = admin;
    }

    /** Begins to ask, unless it does so already; does not wait. */
    synchronized void ask(TopicPartition partition, long position) {
        if (asking.containsKey(partition)) {
            return;
        }
        Thread thread = Thread.ofVirtual()
                .name("serai-log-range-" + partition.partition())
                .unstarted(() -> find(partition, position));
        asking.put(partition, thread);
        thread.start();
    }

    /** What was found since this was called last. */
    synchronized List<LogRange> take() {
        if (found.isEmpty()) {
            return List.of();
        }
        List<LogRange> taken = List.copyOf(found);
        found.clear();
        taken.forEach(range -> asking.remove(range.partition()));
        return taken;
    }

    synchronized void forget(TopicPartition partition) {
        Thread thread = asking.remove(partition);
        if (thread != null) {
            thread.interrupt();
        }
        found.removeIf(range -> range.partition().equals(partition));
    }

    private void find(TopicPartition partition, long position) {
        try {
            while (true) {
                try {
                    LogRange range = new LogRange(
                            partition,
                            position,
                            offset(partition, OffsetSpec.earliest()),
                            offset(partition, OffsetSpec.latest()));
                    add(range, Thread.currentThread());
                    failing.over("Kafka says again where logs begin and end");
                    return;
                } catch (ExecutionException | TimeoutException e) {
                    failing.met(
                            "range",
                            partition + " waits, others go on: Kafka does not say where its log begins and ends: " + e);
                    Thread.sleep(TRY_AGAIN);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{} is no longer wanted", partition);
        }
    }

    private synchronized void add(LogRange range, Thread by) {
        if (asking.get(range.partition()) == by) {
            found.add(range);
        }
    }

    private long offset(TopicPartition partition, OffsetSpec spec)
            throws InterruptedException, ExecutionException, TimeoutException {
        return Answers.await(admin.listOffsets(Map.of(partition, spec)).partitionResult(partition), PATIENCE)
                .offset();
    }

    @Override
    public synchronized void close() {
        asking.values().forEach(Thread::interrupt);
        asking.clear();
        found.clear();
    }
}
