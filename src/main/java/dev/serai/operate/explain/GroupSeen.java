package dev.serai.operate.explain;

import org.jspecify.annotations.Nullable;

/**
 * Who reads the partition of the event, as the service's consumer group says.
 *
 * @param id the group's
 * @param partition of the start topic
 * @param members 0 if nobody runs
 * @param rebalancing whether partitions are being given out just now
 * @param owner who has the partition; null if nobody has
 * @param committed up to where all is answered; null if nothing of the partition was
 * @param stable the end of what can be read
 * @param problem why the group cannot be seen; null if it can, and then the rest says nothing
 */
public record GroupSeen(
        String id,
        int partition,
        int members,
        boolean rebalancing,
        @Nullable String owner,
        @Nullable Long committed,
        long stable,
        @Nullable String problem) {

    static GroupSeen unseen(String id, int partition, String problem) {
        return new GroupSeen(id, partition, 0, false, null, null, 0, problem);
    }

    /** Whether all up to and with the record is answered. */
    boolean isDoneWith(Position at) {
        return committed != null && committed > at.offset();
    }

    /** Offsets that are not answered for sure, and lie before the record. */
    long before(Position at) {
        return Math.max(0, at.offset() - (committed == null ? 0 : committed));
    }
}
