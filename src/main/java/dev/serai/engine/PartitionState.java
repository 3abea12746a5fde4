package dev.serai.engine;

import java.util.Set;
import java.util.function.IntConsumer;

/**
 * What a process has to know of a partition before it runs the partition's events, and forgets with the partition.
 * Partitions are restored and dropped from several threads, each of them by one at a time.
 */
public interface PartitionState {
    /** Nothing is remembered of partitions: they are ready at once. */
    PartitionState NONE = new PartitionState() {
        @Override
        public void restore(Set<Integer> partitions, IntConsumer ready) {
            partitions.forEach(ready::accept);
        }

        @Override
        public void drop(Set<Integer> partitions) {}
    };

    /**
     * Gets it, and tells of each partition as soon as all of it is there. Returns when that is so for all of them. Ends soon
     * when its thread is interrupted.
     *
     * @param ready is called once for each partition, on the calling thread
     * @throws RuntimeException if it cannot be had for those that are not ready; nothing is kept of them
     */
    void restore(Set<Integer> partitions, IntConsumer ready);

    /** The partitions are owned by another process now, or will be. */
    void drop(Set<Integer> partitions);
}
