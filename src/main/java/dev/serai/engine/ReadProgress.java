package dev.serai.engine;

import dev.serai.engine.ledger.LeaderEpochs;
import dev.serai.engine.ledger.PartitionLedger;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the partitions are read, and where to read on: also when a log was cut, or is another one. Partitions that are not
 * read change nothing. Thread-safe, by the {@link AssignmentsLock}.
 */
final class ReadProgress {
    private final AssignmentsLock lock;
    private final Map<TopicPartition, Assignment> current;

    /** @param current the partitions of this process, as they are under the lock; not changed here */
    ReadProgress(AssignmentsLock lock, Map<TopicPartition, Assignment> current) {
        this.lock = lock;
        this.current = current;
    }

    /**
     * The consumer has read everything below these positions.
     *
     * @return those of which what was read last is to be compared with the log first: nothing has changed for them
     */
    Set<TopicPartition> readUpTo(Map<TopicPartition, OffsetAndMetadata> positions) {
        return lock.get(() -> {
            Set<TopicPartition> compared = new HashSet<>();
            positions.forEach((partition, position) -> {
                Assignment assignment = current.get(partition);
                if (assignment == null) {
                    return;
                }
                int epoch = position.leaderEpoch().orElse(LeaderEpochs.UNKNOWN);
                if (assignment.comparesBefore(position.offset() - 1, epoch)) {
                    compared.add(partition);
                } else {
                    assignment.ledger.readUpTo(position.offset(), epoch);
                }
            });
            return compared;
        });
    }

    /**
     * Where the consumer has come to, with the leader epoch of what was read last: whoever reads on from there has the client
     * compare that with the log. Empty where no epoch is known, or more is known than was read.
     */
    Optional<OffsetAndMetadata> readTo(TopicPartition partition) {
        return lock.get(() -> {
            Assignment assignment = current.get(partition);
            if (assignment == null || !assignment.ledger.isReadAsFarAsKnown()) {
                return Optional.empty();
            }
            OffsetAndMetadata position = position(partition, assignment.ledger.epochsKnownTo());
            return position.leaderEpoch().isEmpty() ? Optional.empty() : Optional.of(position);
        });
    }

    /**
     * The partition's log was cut at that offset. Events that were taken from there on are dropped: their offsets are used
     * again.
     *
     * @return how many had not ended
     */
    int cut(TopicPartition partition, long offset) {
        return lock.get(() -> {
            Assignment assignment = current.get(partition);
            return assignment == null ? 0 : assignment.cut(offset);
        });
    }

    /**
     * The partition's log is another one, and is read from that offset on. Whatever was taken of the earlier log is dropped.
     *
     * @return how many events had not ended
     */
    int begunAnew(TopicPartition partition, long offset) {
        return lock.get(() -> {
            Assignment assignment = current.get(partition);
            if (assignment == null) {
                return 0;
            }
            int dropped = assignment.cut(0);
            assignment.ledger = PartitionLedger.empty(partition.toString(), offset);
            return dropped;
        });
    }

    /** From where on not everything is complete; {@link Long#MAX_VALUE} for a partition that is not read. */
    long lowestIncomplete(TopicPartition partition) {
        return lock.get(() -> {
            Assignment assignment = current.get(partition);
            return assignment == null
                    ? Long.MAX_VALUE
                    : assignment.ledger.committable().offset();
        });
    }

    /**
     * A place to read on from, with the leader epoch of what was read before it as far as that is known: without it the client
     * does not see that the log was cut below.
     */
    OffsetAndMetadata position(TopicPartition partition, long offset) {
        return lock.get(() -> {
            Assignment assignment = current.get(partition);
            int epoch = assignment == null ? LeaderEpochs.UNKNOWN : assignment.ledger.epochBefore(offset);
            return new OffsetAndMetadata(
                    offset, epoch == LeaderEpochs.UNKNOWN ? Optional.empty() : Optional.of(epoch), "");
        });
    }
}
