package dev.serai.engine;

import java.time.Duration;

/** What a process may do of something that the whole consumer group has to share: as much as its part of the partitions. */
public interface PartitionShare {
    /** Nothing is bounded that the group would have to share: never waits. */
    PartitionShare NONE = new PartitionShare() {
        @Override
        public void becomes(int partitions, int of) {}

        @Override
        public boolean awaitKept(Duration patience) {
            return true;
        }
    };

    /**
     * The process's part has changed, or is about to. On the consumer's thread.
     *
     * @param partitions that it keeps
     * @param of how many the topic has
     */
    void becomes(int partitions, int of);

    /**
     * Waits until the process does no more than its part allows. It is asked before partitions go to another process, whose
     * part grows by them.
     *
     * @return whether that came true in time
     */
    boolean awaitKept(Duration patience) throws InterruptedException;
}
