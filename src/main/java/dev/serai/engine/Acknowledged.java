package dev.serai.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of which Kafka has told lately that they are committed, as long as that may not be the end of it. A
 * coordinator leaves out the end of a transaction on a partition that has no leader at the moment, because it takes that for
 * deleted (broker 4.3, {@code TransactionMarkerChannelManager}); it tells that the transaction is complete, and what
 * is open there is aborted with the next one that is. A partition without a leader is one whose broker goes down, and that
 * is noticed by the connection that is lost.
 *
 * <p>For one thread.
 */
final class Acknowledged {
    /** The connection to a broker that goes down is lost within seconds; a quiet one, after nine minutes, is not meant. */
    private static final Duration KEPT_FOR = Duration.ofSeconds(30);

    /** But for the last one; about one transaction of many events. */
    private static final long MOST_BYTES = 8 << 20;

    /** Beside keys and values; an estimate. */
    private static final long RECORD_BYTES = 200;

    private final Deque<Published> kept = new ArrayDeque<>();
    private final Set<Delivery> offsetsCommitted = new HashSet<>();
    private long bytes;
    private boolean doubt;
    private boolean offsetsLookedAt;
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable Metric closed;
    private double closedBefore;

    private record Published(List<Delivery> deliveries, List<Sends.Placed> placed, long bytes, long at) {}

    /** Kafka has told that it is committed. */
    void add(List<Delivery> deliveries, List<Sends.Placed> placed) {
        long size = RECORD_BYTES * placed.size()
                + deliveries.stream()
                        .mapToLong(delivery -> delivery.outbox().bytes())
                        .sum();
        kept.addLast(new Published(List.copyOf(deliveries), List.copyOf(placed), size, System.nanoTime()));
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
        while (!doubt && !kept.isEmpty() && System.nanoTime() - kept.getFirst().at() > KEPT_FOR.toNanos()) {
            forgetFirst();
        }
        doubt &= !kept.isEmpty();
        return doubt;
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

    /**
     * What has to be committed again, given what became of the records. Those of which that is not known share the fate of
     * the others of their transaction, or of its offsets.
     */
    List<Delivery> lost(Map<Sends.Placed, Visibility.Fate> fates) {
        List<Delivery> lost = new ArrayList<>();
        for (Published one : kept) {
            Collection<Visibility.Fate> known = one.placed().stream()
                    .map(fates::get)
                    .filter(Objects::nonNull)
                    .collect(Collectors.toSet());
            boolean unknownAreLost = known.contains(Visibility.Fate.ABORTED)
                    ? !known.contains(Visibility.Fate.VISIBLE)
                    : !known.contains(Visibility.Fate.VISIBLE)
                            && !known.contains(Visibility.Fate.GONE)
                            && one.deliveries().stream().anyMatch(Delivery::completesOffset)
                            && one.deliveries().stream().noneMatch(offsetsCommitted::contains);
            Map<Delivery, List<ProducerRecord<byte[], byte[]>>> records = new HashMap<>();
            for (Sends.Placed placed : one.placed()) {
                Visibility.Fate fate = fates.get(placed);
                if (fate == Visibility.Fate.ABORTED || (fate == Visibility.Fate.UNKNOWN && unknownAreLost)) {
                    records.computeIfAbsent(placed.delivery(), ignored -> new ArrayList<>())
                            .add(placed.outgoing());
                }
            }
            for (Delivery delivery : new LinkedHashSet<>(one.deliveries())) {
                List<ProducerRecord<byte[], byte[]>> missing = records.getOrDefault(delivery, List.of());
                boolean offsetCommitted = !delivery.completesOffset() || offsetsCommitted.contains(delivery);
                if (!missing.isEmpty() || !offsetCommitted) {
                    lost.add(delivery.again(missing, offsetCommitted));
                }
            }
        }
        return lost;
    }
}
