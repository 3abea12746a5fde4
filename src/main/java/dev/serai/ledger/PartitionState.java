package dev.serai.ledger;

import java.util.Set;

/** What a process has to know of a partition before it runs the partition's events, and forgets with the partition. */
public interface PartitionState {

    /**
     * Gets it, and returns when all of it is there. On the consumer's thread, which meanwhile reads nothing.
     *
     * @throws RuntimeException if it cannot be had; the consumer then starts anew
     */
    void restore(Set<Integer> partitions);

    /** The partitions are owned by another process now. */
    void drop(Set<Integer> partitions);
}
