package dev.serai.engine;

import dev.serai.loop.Counted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what the group gives to a consumer, and gives back what it takes away: once no event of it runs any more, or the
 * drain is over. What else has to do with a partition comes and goes with it: its arrival, its ledger, its conversations'
 * state, this process's share of what replicas share. For the consumer's thread; {@link #onPartitionsRevoked} waits, nothing
 * else does.
 */
final class Rebalances implements ConsumerRebalanceListener {
    /** The consumer's, which the operations page names. */
    private static final Logger LOG = LoggerFactory.getLogger(LedgerConsumer.class);

    /** For {@link #andThen}. */
    static final ConsumerRebalanceListener NO_OTHER = new ConsumerRebalanceListener() {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
    };

    private final StartEventClients.Parts parts;
    private final Assignments assignments;
    private final LostPositions positions;
    private final PausedPartitions pauses;
    private final OwnedShare share;
    private final KafkaConsumer<?, ?> consumer;
    private final Consumer<Collection<TopicPartition>> holdBack;
    private final Set<TopicPartition> owned = new HashSet<>();
    private ConsumerRebalanceListener next = NO_OTHER;

    /** @param holdBack keeps the consumer from reading partitions that are not ready */
    Rebalances(
            StartEventClients.Parts parts,
            LostPositions positions,
            PausedPartitions pauses,
            OwnedShare share,
            KafkaConsumer<?, ?> consumer,
            Consumer<Collection<TopicPartition>> holdBack) {
        this.parts = parts;
        this.assignments = parts.assignments();
        this.positions = positions;
        this.pauses = pauses;
        this.share = share;
        this.consumer = consumer;
        this.holdBack = holdBack;
    }

    /** This one, and after it another that is told of the same. */
    ConsumerRebalanceListener andThen(ConsumerRebalanceListener another) {
        next = another;
        return this;
    }

    /** As the group has said; {@link KafkaConsumer#assignment} can no longer be asked when it is needed most. */
    Set<TopicPartition> owned() {
        return owned;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        assignments.membership().is(consumer.groupMetadata());
        if (!partitions.isEmpty()) {
            owned.addAll(partitions);
            parts.intake().owns(owned.size());
            holdBack.accept(partitions);
            parts.arrivals().begin(partitions);
            share.becomes(owned, owned.size());
            LOG.info("Assigned: {}", sorted(partitions));
        }
        next.onPartitionsAssigned(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        // The group has agreed on its next generation before it takes partitions away, and only commits of that one
        // are still accepted.
        assignments.membership().is(consumer.groupMetadata());
        assignments.giveBack(partitions);
        long begun = System.nanoTime();
        int running = assignments.awaitQuiet(partitions, parts.drain());
        if (running > 0) {
            LOG.warn(
                    "{} of {} still running after {} ms: the results are dropped, and the next owner runs what is left again",
                    Counted.text(running, "event"),
                    sorted(partitions),
                    Duration.ofNanos(System.nanoTime() - begun).toMillis());
        }
        Set<TopicPartition> kept = new HashSet<>(owned);
        kept.removeAll(partitions);
        share.shrink(owned, kept.size(), parts.drain().minusNanos(System.nanoTime() - begun));
        leave(partitions);
        LOG.info("Given back: {}", sorted(partitions));
        next.onPartitionsRevoked(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        leave(partitions);
        share.becomes(owned, owned.size());
        LOG.warn(
                "Lost: {}. The group has gone on without this process; what it had begun runs again elsewhere",
                sorted(partitions));
        next.onPartitionsLost(partitions);
    }

    /** Leaves all that is owned: no callback has said so if the consumer broke in the middle of a rebalance. */
    void leaveAll() {
        leave(Set.copyOf(owned));
    }

    private void leave(Collection<TopicPartition> partitions) {
        parts.arrivals().forget(partitions);
        positions.forget(Set.copyOf(partitions));
        assignments.forget(partitions);
        parts.state().drop(numbers(partitions));
        owned.removeAll(partitions);
        pauses.forget(partitions);
        parts.intake().owns(owned.size());
    }

    private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).collect(Collectors.toSet());
    }

    private static List<String> sorted(Collection<TopicPartition> partitions) {
        return new ArrayList<>(partitions)
                .stream().map(TopicPartition::toString).sorted().toList();
    }
}
