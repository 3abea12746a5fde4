package dev.serai.engine;

import dev.serai.engine.ledger.PartitionLedger;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions that this process owns now, each with its ledger and the events that are held of it. The consumer says
 * what comes and goes ({@link Admission}, {@link ReadProgress}, {@link Membership}), the lanes say what begins and ends, the
 * committer asks what may be committed ({@link CommitPlans}).
 *
 * <p>Thread-safe: everything is under one {@link AssignmentsLock}, which these classes share.
 */
public final class Assignments {
    private final AssignmentsLock lock = new AssignmentsLock();
    private final HeldTotals totals;
    private final Map<TopicPartition, Assignment> current = new HashMap<>();
    private final Membership membership = new Membership(lock);
    private final CommitPlans plans = new CommitPlans(lock, current, membership);
    private final ReadProgress progress = new ReadProgress(lock, current);
    private final Admission admission = new Admission(lock, current);
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

    /** How records of these partitions become deliveries. */
    Admission admission() {
        return admission;
    }

    /** How far these partitions are read. */
    ReadProgress progress() {
        return progress;
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
        return lock.get(
                () -> current.values().stream().mapToInt(Assignment::unanswered).sum());
    }

    /** How many partitions this process owns and reads. */
    public int partitions() {
        return lock.get(current::size);
    }
}
