package dev.serai.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer that keeps a ledger for each of its partitions: it hands out only what is not complete yet, reads on only
 * while there is room, and brings the ledgers along with the group's rebalances.
 *
 * <p>It commits nothing; {@link Committer} does. Camel's own pausing of partitions is left alone: only what was paused
 * here is resumed here. Not thread-safe, as any consumer.
 */
final class LedgerConsumer extends KafkaConsumer<byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerConsumer.class);

    private static final ConsumerRebalanceListener NO_OTHER = new ConsumerRebalanceListener() {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
    };

    private final Assignments assignments;
    private final Committer committer;
    private final PartitionState state;
    private final PartitionShare share;
    private final Duration drain;
    private final Set<TopicPartition> pausedHere = new HashSet<>();

    /** As the rebalance callbacks have said; {@link #assignment} can no longer be asked when it is needed most. */
    private final Set<TopicPartition> owned = new HashSet<>();

    /** @param drain how long a partition's running events may take to end when it is to go to another owner */
    LedgerConsumer(
            Properties properties,
            Assignments assignments,
            Committer committer,
            PartitionState state,
            PartitionShare share,
            Duration drain) {
        super(properties);
        this.assignments = assignments;
        this.committer = committer;
        this.state = state;
        this.share = share;
        this.drain = drain;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        boolean room = assignments.awaitRoom(timeout);
        // Without room it still polls, or else the group would take this consumer for dead.
        pause(room ? assignments.full() : assignment());
        ConsumerRecords<byte[], byte[]> polled = super.poll(room ? timeout : Duration.ZERO);
        assignments.groupIs(groupMetadata());
        return admitted(polled);
    }

    private void pause(Set<TopicPartition> wanted) {
        Set<TopicPartition> mine = assignment();
        pausedHere.retainAll(mine);
        Set<TopicPartition> resumed = new HashSet<>(pausedHere);
        resumed.removeAll(wanted);
        if (!resumed.isEmpty()) {
            resume(resumed);
            pausedHere.removeAll(resumed);
        }
        Set<TopicPartition> paused = new HashSet<>(wanted);
        paused.retainAll(mine);
        paused.removeAll(paused());
        if (!paused.isEmpty()) {
            pause((Collection<TopicPartition>) paused);
            pausedHere.addAll(paused);
        }
    }

    private ConsumerRecords<byte[], byte[]> admitted(ConsumerRecords<byte[], byte[]> polled) {
        if (polled.isEmpty()) {
            return polled;
        }
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> batch = polled.records(partition);
            beginAnewBelow(partition, batch.getFirst().offset());
            Assignments.Admitted admitted = assignments.admit(partition, batch, committer);
            if (admitted.refusedOffset() >= 0) {
                seek(partition, admitted.refusedOffset());
            }
            if (!admitted.records().isEmpty()) {
                records.put(partition, admitted.records());
            }
        }
        return new ConsumerRecords<>(records, polled.nextOffsets());
    }

    /** Offsets that lie below the ledger: the topic is not the one that they were committed for. */
    private void beginAnewBelow(TopicPartition partition, long offset) {
        if (assignments.covers(partition, offset)) {
            return;
        }
        LOG.error(
                "Offset {} of {} lies below the committed one: was the topic deleted and created again? Reading goes on"
                        + " from there, and events that were taken of the earlier topic are not committed",
                offset,
                partition);
        assignments.assigned(partition, PartitionLedger.empty(partition.toString(), offset));
    }

    @Override
    public void subscribe(Collection<String> topics) {
        subscribe(topics, NO_OTHER);
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new Rebalance(listener));
    }

    @Override
    public void close() {
        try {
            super.close();
        } finally {
            // No callback has said so if the consumer broke in the middle of a rebalance.
            leave(Set.copyOf(owned));
        }
    }

    private void leave(Collection<TopicPartition> partitions) {
        assignments.forget(partitions);
        state.drop(numbers(partitions));
        owned.removeAll(partitions);
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        private final ConsumerRebalanceListener camel;

        Rebalance(ConsumerRebalanceListener camel) {
            this.camel = camel;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assignments.groupIs(groupMetadata());
            if (!partitions.isEmpty()) {
                // First the offsets: this waits for the transactions that the partitions' last owner has left
                // undecided.
                Map<TopicPartition, OffsetAndMetadata> committed = committed(Set.copyOf(partitions));
                state.restore(numbers(partitions));
                for (TopicPartition partition : partitions) {
                    assignments.assigned(partition, ledger(partition, committed.get(partition)));
                }
                owned.addAll(partitions);
                shareOut(owned.size());
                LOG.info("Assigned: {}", sorted(partitions));
            }
            camel.onPartitionsAssigned(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // The group has agreed on its next generation before it takes partitions away, and only commits of that one
            // are still accepted.
            assignments.groupIs(groupMetadata());
            assignments.giveBack(partitions);
            long begun = System.nanoTime();
            int running = assignments.awaitQuiet(partitions, drain);
            if (running > 0) {
                LOG.warn(
                        "{} events of {} still run after {} ms: their results are dropped, and the next owner runs them"
                                + " again",
                        running,
                        sorted(partitions),
                        drain.toMillis());
            }
            keepShare(owned.size() - partitions.size(), drain.minusNanos(System.nanoTime() - begun));
            leave(partitions);
            LOG.info("Given back: {}", sorted(partitions));
            camel.onPartitionsRevoked(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            leave(partitions);
            shareOut(owned.size());
            LOG.warn(
                    "Lost: {}. The group has gone on without this process; what it had begun runs again elsewhere",
                    sorted(partitions));
            camel.onPartitionsLost(partitions);
        }
    }

    private void shareOut(int kept) {
        owned.stream().findAny().ifPresent(any -> {
            // Who has assigned the partitions may know of new ones before this process does.
            int known = partitionsFor(any.topic()).size();
            share.becomes(kept, Math.max(kept, known));
        });
    }

    /** The next owner's part grows when it gets the partitions: not before this process's part is as small as it is to be. */
    private void keepShare(int kept, Duration patience) {
        shareOut(kept);
        try {
            if (kept > 0 && !share.awaitKept(patience)) {
                LOG.warn("More calls are under way than {} partitions allow; the group goes on nevertheless", kept);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private PartitionLedger ledger(TopicPartition partition, @Nullable OffsetAndMetadata committed) {
        if (committed == null) {
            return PartitionLedger.empty(partition.toString(), position(partition));
        }
        seek(partition, committed.offset());
        return switch (PartitionLedger.restore(partition.toString(), committed.offset(), committed.metadata())) {
            case Restored.Whole whole -> whole.ledger();
            case Restored.MetadataUnused unused -> {
                LOG.warn(
                        "The metadata of offset {} of {} is not used: {}. Events above it that were answered already run"
                                + " again",
                        committed.offset(),
                        partition,
                        unused.reason());
                yield unused.ledger();
            }
        };
    }

    private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).collect(Collectors.toSet());
    }

    private static List<String> sorted(Collection<TopicPartition> partitions) {
        return new ArrayList<>(partitions)
                .stream().map(TopicPartition::toString).sorted().toList();
    }
}
