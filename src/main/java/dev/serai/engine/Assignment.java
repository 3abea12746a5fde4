package dev.serai.engine;

import dev.serai.engine.ledger.LeaderEpochs;
import dev.serai.engine.ledger.PartitionLedger;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition, from when it is ready to be read until it is taken away; when it comes back, that is another assignment.
 * Guarded by the lock of its {@link Assignments}, which is the only class to touch it, but for {@link #begin} and
 * {@link #end}, which go through it.
 */
final class Assignment {
    final TopicPartition partition;
    final Map<Long, Delivery> held = new HashMap<>();

    /** Of the records of those that are held. */
    long heldBytes;

    PartitionLedger ledger;

    /** The highest leader epoch before which what was read has been compared with the log. */
    int comparedBefore = LeaderEpochs.UNKNOWN;

    /** What this process, or the partition's last owner, has committed; -1 if nothing was. */
    long committed;

    /** By {@link System#nanoTime}. */
    long committedAt = System.nanoTime();

    /** Deliveries that have begun and not ended. */
    int running;

    /** Deliveries that have ended without a commit though nobody revoked them. */
    int unanswered;

    /** Nothing more begins. */
    boolean givenBack;

    /** Nothing more is committed. */
    boolean forgotten;

    private final Assignments assignments;

    Assignment(Assignments assignments, TopicPartition partition, PartitionLedger ledger, long committed) {
        this.assignments = assignments;
        this.partition = partition;
        this.ledger = ledger;
        this.committed = committed;
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

    boolean begin(Delivery delivery) {
        return assignments.begin(this, delivery);
    }

    void end(Delivery delivery, boolean begun, boolean committed) {
        assignments.end(this, delivery, begun, committed);
    }
}
