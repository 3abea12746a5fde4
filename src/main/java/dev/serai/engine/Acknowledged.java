package dev.serai.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of which Kafka has told that they are committed, as long as that may not be the end of it. A
 * coordinator leaves out the end of a transaction on a partition that has no leader at the moment, because it takes that for
 * deleted (broker 4.3, {@code TransactionMarkerChannelManager}); it tells that the transaction is complete, and what
 * is open there is aborted with the next one that is. A partition without a leader is one whose broker goes down, which
 * is noticed by the connection that is lost, or one whose broker was taken for gone by its controller for a moment, of which
 * {@link EndsWatch} learns.
 *
 * <p>For one thread.
 */
final class Acknowledged {
    /** Without an end that was seen. A transaction of another process that hides it is ended by its own time limit before. */
    private static final Duration DOUBTFUL_AFTER = Duration.ofSeconds(30);

    /** But for the last one; about one transaction of many events. */
    private static final long MOST_BYTES = 8 << 20;

    /** Beside keys and values; an estimate. */
    private static final long RECORD_BYTES = 200;

    private final Deque<AcknowledgedTransaction> kept = new ArrayDeque<>();
    private final Set<Delivery> offsetsCommitted = new HashSet<>();
    private long bytes;
    private boolean doubt;
    private boolean offsetsLookedAt;
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable Metric closed;
    private double closedBefore;

    /** Kafka has told that it is committed. */
    void add(CommitPlan plan, List<Sends.Placed> placed) {
        long size = RECORD_BYTES * placed.size()
                + plan.deliveries().stream()
                        .mapToLong(delivery -> delivery.outbox().bytes())
                        .sum();
        kept.addLast(new AcknowledgedTransaction(
                List.copyOf(plan.deliveries()),
                List.copyOf(placed),
                Set.copyOf(plan.offsets().keySet()),
                size,
                System.nanoTime()));
        bytes += size;
        while (kept.size() > 1 && bytes > MOST_BYTES) {
            forgetFirst();
        }
        offsetsLookedAt = false;
    }

    /**
     * Whether it must be found out what became of them, before there is another transaction. To be asked before each one.
     *
     * @param current the producer that is in use now; null if there is none
     */
    boolean isDoubtful(@Nullable Producer<byte[], byte[]> current) {
        if (current != producer) {
            producer = current;
            closed = current == null ? null : closedConnections(current);
            closedBefore = closed();
            doubt = true;
        }
        double now = closed();
        doubt |= now != closedBefore;
        closedBefore = now;
        doubt |= !kept.isEmpty() && kept.getFirst().isOlderThan(DOUBTFUL_AFTER);
        doubt &= !kept.isEmpty();
        return doubt;
    }

    /** There is reason to find out what became of them. */
    void doubt() {
        doubt = true;
    }

    /** Those of which Kafka told at least that long ago. */
    List<AcknowledgedTransaction> toldBefore(Duration age) {
        return kept.stream().filter(one -> one.isOlderThan(age)).toList();
    }

    /**
     * All is known of those that have to do with none of the partitions: nothing can happen to them any more.
     *
     * @param looked at which it was looked
     * @param missing where an end may be missing
     */
    void ended(List<AcknowledgedTransaction> looked, Set<TopicPartition> missing) {
        Set<AcknowledgedTransaction> ended = Collections.newSetFromMap(new IdentityHashMap<>());
        looked.stream().filter(one -> !one.touches(missing)).forEach(ended::add);
        kept.removeIf(one -> {
            boolean isEnded = ended.contains(one);
            bytes -= isEnded ? one.bytes() : 0;
            return isEnded;
        });
    }

    /** Whether one that has to do with any of the partitions is older than that. */
    boolean areOlder(List<AcknowledgedTransaction> looked, Set<TopicPartition> partitions, Duration age) {
        return looked.stream().anyMatch(one -> one.isOlderThan(age) && one.touches(partitions));
    }

    private static @Nullable Metric closedConnections(Producer<byte[], byte[]> producer) {
        return producer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("connection-close-total")
                        && metric.getKey().group().equals("producer-metrics"))
                .map(metric -> (Metric) metric.getValue())
                .findFirst()
                .orElse(null);
    }

    private double closed() {
        return closed != null && closed.metricValue() instanceof Double count ? count : 0;
    }

    private void forgetFirst() {
        bytes -= kept.removeFirst().bytes();
    }

    /** All is known of them. */
    void forget() {
        kept.clear();
        offsetsCommitted.clear();
        bytes = 0;
        doubt = false;
        offsetsLookedAt = false;
    }

    /** What there was of them, in their order. */
    List<Sends.Placed> placed() {
        return kept.stream().flatMap(one -> one.placed().stream()).toList();
    }

    /** Where there was anything of them. */
    Set<TopicPartition> partitions() {
        return placed().stream().map(Sends.Placed::partition).collect(Collectors.toSet());
    }

    /** To be called before anything of them is aborted: afterwards another owner may have committed the same. */
    void lookAtOffsets(CommitComparison comparison) throws InterruptedException {
        if (!offsetsLookedAt) {
            offsetsCommitted.clear();
            offsetsCommitted.addAll(comparison.complete(
                    kept.stream().flatMap(one -> one.deliveries().stream()).toList()));
            offsetsLookedAt = true;
        }
    }

    /** What has to be committed again, given what became of the records. */
    List<Delivery> lost(Map<Sends.Placed, Visibility.Fate> fates) {
        return kept.stream()
                .flatMap(one -> one.lost(fates, offsetsCommitted).stream())
                .toList();
    }
}
