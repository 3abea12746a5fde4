package dev.serai.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A transaction of which Kafka has told that it is committed.
 *
 * @param offsets partitions of the start topic whose offsets it took along
 * @param at when Kafka told, by {@link System#nanoTime}
 */
record AcknowledgedTransaction(
        List<Delivery> deliveries, List<Sends.Placed> placed, Set<TopicPartition> offsets, long bytes, long at) {
    boolean isOlderThan(Duration age) {
        return System.nanoTime() - at >= age.toNanos();
    }

    boolean touches(Set<TopicPartition> partitions) {
        return placed.stream().anyMatch(one -> partitions.contains(one.partition()))
                || offsets.stream().anyMatch(partitions::contains);
    }

    /**
     * What of it has to be committed again, given what became of the records. Those of which that is not known share the
     * fate of its others, or of its offsets.
     *
     * @param offsetsCommitted the deliveries whose offsets are committed
     */
    List<Delivery> lost(Map<Sends.Placed, Visibility.Fate> fates, Set<Delivery> offsetsCommitted) {
        Collection<Visibility.Fate> known =
                placed.stream().map(fates::get).filter(Objects::nonNull).collect(Collectors.toSet());
        boolean unknownAreLost = areUnknownLost(known, offsetsCommitted);
        Map<Delivery, List<ProducerRecord<byte[], byte[]>>> records = new HashMap<>();
        for (Sends.Placed one : placed) {
            Visibility.Fate fate = fates.get(one);
            if (fate == Visibility.Fate.ABORTED || (fate == Visibility.Fate.UNKNOWN && unknownAreLost)) {
                records.computeIfAbsent(one.delivery(), ignored -> new ArrayList<>())
                        .add(one.outgoing());
            }
        }
        List<Delivery> lost = new ArrayList<>();
        for (Delivery delivery : new LinkedHashSet<>(deliveries)) {
            List<ProducerRecord<byte[], byte[]>> missing = records.getOrDefault(delivery, List.of());
            boolean offsetCommitted = !delivery.completesOffset() || offsetsCommitted.contains(delivery);
            if (!missing.isEmpty() || !offsetCommitted) {
                lost.add(delivery.again(missing, offsetCommitted));
            }
        }
        return lost;
    }

    /** @param known what became of its other records */
    private boolean areUnknownLost(Collection<Visibility.Fate> known, Set<Delivery> offsetsCommitted) {
        if (known.contains(Visibility.Fate.VISIBLE)) {
            return false;
        }
        if (known.contains(Visibility.Fate.ABORTED)) {
            return true;
        }
        return !known.contains(Visibility.Fate.GONE)
                && deliveries.stream().anyMatch(Delivery::completesOffset)
                && deliveries.stream().noneMatch(offsetsCommitted::contains);
    }
}
