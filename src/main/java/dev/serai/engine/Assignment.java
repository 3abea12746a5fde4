package dev.serai.engine;

import dev.serai.engine.ledger.LeaderEpochs;
import dev.serai.engine.ledger.PartitionLedger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition, from when it is ready to be read until it is taken away; when it comes back, that is another assignment.
 *
 * <p>Guarded by the {@link AssignmentsLock}: {@link #begin} and {@link #end} take it, for everything else whoever calls has it.
 */
final class Assignment {
    final TopicPartition partition;

    PartitionLedger ledger;

    private final AssignmentsLock lock;
    private final HeldTotals totals;

    /** What this process, or the partition's last owner, has committed; -1 if nothing was. */
    private long committed;

    /** By {@link System#nanoTime}. */
    private long committedAt = System.nanoTime();

    /** By their offsets. */
    private final Map<Long, Delivery> held = new HashMap<>();

    /** Of the records of those that are held. */
    private long heldBytes;

    /** The highest leader epoch before which what was read has been compared with the log. */
    private int comparedBefore = LeaderEpochs.UNKNOWN;

    /** Deliveries that have begun and not ended. */
    private int running;

    /** Deliveries that have ended without a commit though nobody revoked them. */
    private int unanswered;

    private boolean givenBack;
    private boolean forgotten;

    Assignment(
            AssignmentsLock lock, HeldTotals totals, TopicPartition partition, PartitionLedger ledger, long committed) {
        this.lock = lock;
        this.totals = totals;
        this.partition = partition;
        this.ledger = ledger;
        this.committed = committed;
    }

    /** Holds a delivery that is to be run. */
    void hold(Delivery delivery) {
        held.put(delivery.offset(), delivery);
        heldBytes += delivery.weight();
        totals.add(1, delivery.weight());
    }

    /** Null when none is held of that offset. */
    @Nullable
    Delivery held(long offset) {
        return held.get(offset);
    }

    /** See {@link Delivery#begin}. */
    boolean begin(Delivery delivery) {
        return lock.get(() -> {
            if (givenBack || held.get(delivery.offset()) != delivery) {
                return false;
            }
            running++;
            totals.begun();
            delivery.noteBegun();
            return true;
        });
    }

    /** See {@link Delivery#end}. */
    void end(Delivery delivery, boolean begun, boolean wasCommitted) {
        lock.run(() -> {
            if (begun) {
                running--;
                totals.ended();
            }
            // What was dropped is no longer held.
            if (held.remove(delivery.offset(), delivery)) {
                heldBytes -= delivery.weight();
                if (!forgotten) {
                    totals.remove(1, delivery.weight());
                }
                if (!wasCommitted && !givenBack) {
                    unanswered++;
                }
            }
            lock.signal();
        });
    }

    /** Nothing more begins. */
    void beginNothing() {
        givenBack = true;
    }

    /** Nothing more begins, and the waits end of what has begun. */
    void giveBack() {
        givenBack = true;
        held.values().forEach(Delivery::revoke);
    }

    /** Nothing more begins or is committed, and what is held no longer counts. */
    void forget() {
        giveBack();
        forgotten = true;
        totals.remove(held.size(), heldBytes);
    }

    /**
     * The log was cut at that offset. Events that were taken from there on are dropped.
     *
     * @return how many had not ended
     */
    int cut(long offset) {
        List<Delivery> gone = held.values().stream()
                .filter(delivery -> delivery.offset() >= offset)
                .toList();
        for (Delivery delivery : gone) {
            held.remove(delivery.offset());
            delivery.drop();
        }
        long goneBytes = gone.stream().mapToLong(Delivery::weight).sum();
        totals.remove(gone.size(), goneBytes);
        heldBytes -= goneBytes;
        ledger.cutTo(offset);
        committed = Math.min(committed, offset);
        lock.signal();
        return gone.size();
    }

    /**
     * Whether to compare what was read with the log first, by the leader epoch of what was read last: once for each epoch
     * that begins. The client compares when it hears of another leader, but only its position: what it has fetched by then of
     * a partition that is paused it hands out afterwards, though the log may have been cut there (client 4.3).
     */
    boolean comparesBefore(long offset, int epoch) {
        if (epoch <= comparedBefore || !ledger.beginsEpoch(offset, epoch)) {
            return false;
        }
        comparedBefore = epoch;
        return true;
    }

    /** This process has committed that offset. */
    void committed(long offset) {
        committed = offset;
        committedAt = System.nanoTime();
    }

    /** Whether more could be committed, and nothing was for so long. */
    boolean isBehind(Duration tolerated) {
        return System.nanoTime() - committedAt >= tolerated.toNanos()
                && !givenBack
                && committed >= 0
                && ledger.committable().offset() > committed;
    }

    /** Whether no more of it may be read until something ends or completes. */
    boolean isFull() {
        return ledger.isFull() || totals.hasNoRoomBeside(held.size(), heldBytes);
    }

    /** How many of its events have begun and not ended. */
    int running() {
        return running;
    }

    /** How many of its events have ended without a commit though nobody revoked them. */
    int unanswered() {
        return unanswered;
    }

    boolean isForgotten() {
        return forgotten;
    }
}
