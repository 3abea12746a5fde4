package dev.serai.engine;

import dev.serai.engine.ledger.LeaderEpochs;
import dev.serai.engine.ledger.PartitionLedger;
import dev.serai.engine.ledger.ReadOutcome;
import dev.serai.loop.RepeatedWarning;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what a transaction was to commit with what the group has committed, once nothing of it can change any more. Asks
 * Kafka until it answers. Thread-safe.
 */
final class CommitComparison {
    private static final Logger LOG = LoggerFactory.getLogger(CommitComparison.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final CommittedOffsets committed;
    private final RepeatedWarning away = new RepeatedWarning(LOG);

    CommitComparison(CommittedOffsets committed) {
        this.committed = committed;
    }

    /**
     * Whether the plan was committed, after its transaction has ended. A transaction is there as a whole or not at all: one
     * of its offsets says it of all of them.
     */
    boolean isCommitted(CommitPlan plan) throws InterruptedException {
        if (plan.offsets().isEmpty()) {
            return false;
        }
        Map<TopicPartition, @Nullable OffsetAndMetadata> offsets = stable(plan);
        boolean any = plan.offsets().entrySet().stream()
                .anyMatch(planned -> planned.getValue().equals(offsets.get(planned.getKey())));
        // Of a partition that has another owner by now, that one may have committed more since.
        return any || plan.deliveries().stream().allMatch(delivery -> isComplete(delivery, offsets));
    }

    /**
     * Those of the events whose offsets are committed now. An offset in a transaction that is not decided is not.
     *
     * @throws KafkaException if Kafka does not say
     */
    Set<Delivery> complete(Collection<Delivery> deliveries) throws InterruptedException {
        Set<TopicPartition> partitions = deliveries.stream()
                .filter(Delivery::completesOffset)
                .map(delivery -> delivery.assignment().partition)
                .collect(Collectors.toSet());
        if (partitions.isEmpty()) {
            return Set.of();
        }
        Map<TopicPartition, @Nullable OffsetAndMetadata> offsets = committed.soFar(partitions);
        return deliveries.stream()
                .filter(delivery -> isComplete(delivery, offsets))
                .collect(Collectors.toSet());
    }

    private static boolean isComplete(Delivery delivery, Map<TopicPartition, @Nullable OffsetAndMetadata> committed) {
        TopicPartition partition = delivery.assignment().partition;
        OffsetAndMetadata last = committed.get(partition);
        if (!delivery.completesOffset() || last == null) {
            return false;
        }
        if (delivery.offset() < last.offset()) {
            return true;
        }
        PartitionLedger ledger = PartitionLedger.restore(
                        partition.toString(), last.offset(), LeaderEpochs.UNKNOWN, last.metadata())
                .ledger();
        return ledger.read(delivery.offset(), LeaderEpochs.UNKNOWN) == ReadOutcome.ALREADY_COMPLETE;
    }

    /**
     * Which partitions of a plan that was committed have other offsets now; empty if all are as planned.
     *
     * @param owned those that no other process can have committed since
     */
    Map<TopicPartition, @Nullable OffsetAndMetadata> differing(CommitPlan plan, Set<TopicPartition> owned)
            throws InterruptedException {
        Map<TopicPartition, @Nullable OffsetAndMetadata> differing = new HashMap<>();
        Map<TopicPartition, @Nullable OffsetAndMetadata> now = stable(plan);
        plan.offsets().forEach((partition, planned) -> {
            if (owned.contains(partition) && !planned.equals(now.get(partition))) {
                differing.put(partition, now.get(partition));
            }
        });
        return differing;
    }

    private Map<TopicPartition, @Nullable OffsetAndMetadata> stable(CommitPlan plan) throws InterruptedException {
        while (true) {
            try {
                Map<TopicPartition, @Nullable OffsetAndMetadata> offsets =
                        committed.stable(plan.offsets().keySet());
                if (offsets.keySet().containsAll(plan.offsets().keySet())) {
                    away.over("Kafka says again what is committed");
                    return offsets;
                }
                Thread.sleep(LOOK_AGAIN);
            } catch (KafkaException e) {
                away.met("offsets", "Kafka does not say what is committed, and is asked again: " + e);
                Thread.sleep(TRY_AGAIN);
            }
        }
    }
}
