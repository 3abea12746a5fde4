package dev.serai.engine;

import dev.serai.engine.ledger.CommitPoint;
import dev.serai.engine.ledger.LeaderEpochs;
import dev.serai.engine.ledger.Opening;
import dev.serai.engine.ledger.PartitionLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that this process owns now, each with its ledger and the events that are held of it. The consumer says
 * what comes and goes, the lanes say what begins and ends, the committer asks what may be committed.
 *
 * <p>Thread safety: everything is under one lock, held for short work in memory only.
 */
public final class Assignments {
    private static final Logger LOG = LoggerFactory.getLogger(Assignments.class);

    private final AssignmentsLock lock = new AssignmentsLock();
    private final HeldTotals totals;
    private final Map<TopicPartition, Assignment> current = new HashMap<>();
    private final Membership membership = new Membership(lock);
    private final CommitPlans plans = new CommitPlans(lock, current, membership);
    private boolean stopping;

    /** By {@link System#nanoTime}, while stopping. */
    private long stopBy;

    /**
     * @param maxHeld events held at once, from which on there is no room; at least 1
     * @param maxHeldBytes of their records together, from which on there is no room, either; at least 1, so that there
     *     always is when nothing is held
     */
    public Assignments(int maxHeld, long maxHeldBytes) {
        totals = new HeldTotals(maxHeld, maxHeldBytes);
    }

    /**
     * The records of one partition that are to be run.
     *
     * @param cutAt the offset at which the log turned out to have been cut, or -1
     * @param dropped events that were taken of what was cut off, and had not ended
     */
    record Admitted(List<ConsumerRecord<byte[], byte[]>> records, Stop stop, long cutAt, int dropped) {}

    /** Why records of a poll were not admitted. */
    sealed interface Stop {
        /** All were. */
        record None() implements Stop {}

        /** The ledger is full: reading has to go on from this offset. */
        record Full(long offset) implements Stop {}

        /** A later leader epoch begins: what was read last is to be compared with the log first. */
        record NewEpoch() implements Stop {}

        /** The log is another one than before: reading has to begin anew, at the log's beginning. */
        record OtherLog() implements Stop {}
    }

    /** @param committed what is committed of it, or -1 if nothing is */
    void assigned(TopicPartition partition, PartitionLedger ledger, long committed) {
        lock.run(() -> {
            Assignment assignment = new Assignment(lock, totals, partition, ledger, committed);
            if (stopping) {
                assignment.beginNothing();
            }
            Assignment before = current.put(partition, assignment);
            if (before != null) {
                before.forget();
            }
            lock.signal();
        });
    }

    /** Begins no more events of these partitions, and ends the waits of those that have begun. */
    void giveBack(Collection<TopicPartition> partitions) {
        lock.run(() -> {
            for (TopicPartition partition : partitions) {
                Assignment assignment = current.get(partition);
                if (assignment != null) {
                    assignment.giveBack();
                }
            }
        });
    }

    /**
     * Begins no more events at all: the service stops.
     *
     * @param patience after that no event that runs is waited for any more
     */
    public void giveBackAll(Duration patience) {
        lock.run(() -> {
            stopping = true;
            stopBy = System.nanoTime() + patience.toNanos();
            giveBack(current.keySet());
            lock.signal();
        });
    }

    /**
     * Waits until no event of these partitions runs, but no longer than a stop may take.
     *
     * @return how many still run when patience is over
     */
    int awaitQuiet(Collection<TopicPartition> partitions, Duration patience) {
        return lock.get(() -> {
            long until = System.nanoTime() + patience.toNanos();
            var unused = lock.await(() -> running(partitions) == 0, () -> nanosLeft(until));
            return running(partitions);
        });
    }

    private long nanosLeft(long until) {
        long now = System.nanoTime();
        return stopping ? Math.min(until - now, stopBy - now) : until - now;
    }

    /** Waits until no event runs any more, of whichever partition; or until patience is over. */
    public void awaitEnded(Duration patience) {
        var unused = lock.await(() -> totals.running() == 0, patience);
    }

    private int running(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .map(current::get)
                .mapToInt(assignment -> assignment == null ? 0 : assignment.running())
                .sum();
    }

    /** These partitions are no longer this process's: nothing of them is committed any more. */
    void forget(Collection<TopicPartition> partitions) {
        lock.run(() -> {
            for (TopicPartition partition : partitions) {
                Assignment assignment = current.remove(partition);
                if (assignment != null) {
                    assignment.forget();
                }
            }
            lock.signal();
        });
    }

    /** Opens the records in their partition's ledger, and makes a delivery of each that is to be run. */
    Admitted admit(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, Committer committer) {
        return lock.get(() -> {
            Assignment assignment = current.get(partition);
            if (assignment == null) {
                return new Admitted(List.of(), new Stop.None(), -1, 0);
            }
            List<ConsumerRecord<byte[], byte[]>> admitted = new ArrayList<>(records.size());
            long cutAt = -1;
            int dropped = 0;
            for (ConsumerRecord<byte[], byte[]> next : records) {
                long offset = next.offset();
                int epoch = next.leaderEpoch().orElse(LeaderEpochs.UNKNOWN);
                if (assignment.comparesBefore(offset, epoch)) {
                    return new Admitted(admitted, new Stop.NewEpoch(), cutAt, dropped);
                }
                Opening opening = assignment.ledger.opened(offset, epoch);
                if (opening == Opening.LOG_CUT) {
                    dropped += assignment.cut(offset);
                    cutAt = cutAt < 0 ? offset : cutAt;
                    opening = assignment.ledger.opened(offset, epoch);
                }
                switch (opening) {
                    case NEW -> {
                        String name = "offset " + offset + " of " + partition;
                        assignment.hold(new Delivery(
                                name, committer, assignment, offset, weight(next), Delivery.Completes.OFFSET));
                        admitted.add(next);
                    }
                    case ALREADY_OPEN, ALREADY_COMPLETE ->
                        LOG.debug("Offset {} of {} was taken before", offset, partition);
                    case NO_ROOM -> {
                        return new Admitted(admitted, new Stop.Full(offset), cutAt, dropped);
                    }
                    case LOG_CUT, LOG_REPLACED -> {
                        return new Admitted(admitted, new Stop.OtherLog(), cutAt, dropped);
                    }
                }
            }
            return new Admitted(admitted, new Stop.None(), cutAt, dropped);
        });
    }

    private static long weight(ConsumerRecord<byte[], byte[]> next) {
        // A size is -1 of what is null.
        long weight = Math.max(0L, next.serializedKeySize()) + Math.max(0L, next.serializedValueSize());
        for (Header header : next.headers()) {
            byte[] value = header.value();
            weight += header.key().length() + (value == null ? 0 : value.length);
        }
        return weight;
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

    /** The delivery of a record that was admitted and has not ended. */
    Delivery delivery(TopicPartition partition, long offset) {
        return lock.get(() -> {
            Assignment assignment = current.get(partition);
            Delivery delivery = assignment == null ? null : assignment.held(offset);
            if (delivery == null) {
                throw new IllegalStateException("offset " + offset + " of " + partition
                        + " was not admitted: its consumer must come from kafkaClientFactory=#startEvents");
            }
            return delivery;
        });
    }

    /** Partitions of which no more may be read until something ends or completes. */
    Set<TopicPartition> full() {
        return lock.get(() -> {
            Set<TopicPartition> full = new HashSet<>();
            current.forEach((partition, assignment) -> {
                if (assignment.isFull()) {
                    full.add(partition);
                }
            });
            return full;
        });
    }

    /** Waits until there is room for more events; whether there is. None comes free while the service stops. */
    boolean awaitRoom(Duration patience) {
        return lock.await(this::hasRoom, patience);
    }

    private boolean hasRoom() {
        return !stopping
                && totals.hasRoom()
                && (current.isEmpty() || !current.values().stream().allMatch(Assignment::isFull));
    }

    /** Waits, but no longer than until the service stops. */
    void awaitStopping(Duration patience) {
        var unused = lock.await(() -> stopping, patience);
    }

    /** Of the group whose partitions these are. */
    Membership membership() {
        return membership;
    }

    /** What of these partitions is to be committed. */
    CommitPlans plans() {
        return plans;
    }

    /** Events that are held: waiting, running, or being committed. */
    public int held() {
        return lock.get(totals::events);
    }

    /** What the records of those that are held weigh, as they came: keys, values and headers. */
    public long heldBytes() {
        return lock.get(totals::bytes);
    }

    /** Events of owned partitions whose routes ended without a commit: they wait for a restart. */
    public int unanswered() {
        return lock.get(() -> current.values().stream()
                    .mapToInt(Assignment::unanswered)
                    .sum());
    }

    /** How many partitions this process owns and reads. */
    public int partitions() {
        return lock.get(current::size);
    }
}
