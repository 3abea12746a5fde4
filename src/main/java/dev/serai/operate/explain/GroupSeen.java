package dev.serai.operate.explain;

import org.apache.kafka.common.errors.AuthorizationException;
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
 * @param problem why the group cannot be seen, and then the rest says nothing; null if it can
 * @param forbidden whether that is for want of a right
 */
public record GroupSeen(
        String id,
        int partition,
        int members,
        boolean rebalancing,
        @Nullable String owner,
        @Nullable Long committed,
        long stable,
        @Nullable String problem,
        boolean forbidden) {

    static GroupSeen unseen(String id, int partition, Exception failure) {
        return new GroupSeen(
                id,
                partition,
                0,
                false,
                null,
                null,
                0,
                String.valueOf(failure.getMessage()),
                failure instanceof AuthorizationException);
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
