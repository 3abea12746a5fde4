package dev.serai.engine;

import dev.serai.engine.ledger.LeaderEpochs;
import dev.serai.engine.ledger.ReadOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes deliveries of what a poll has brought: of each record that its partition's ledger knows neither as complete nor as
 * under way, in their order, until the ledger or the log stops it. Thread-safe, by the {@link AssignmentsLock}.
 */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final AssignmentsLock lock;
    private final Map<TopicPartition, Assignment> current;

    /** @param current the partitions of this process, as they are under the lock; not changed here */
    Admission(AssignmentsLock lock, Map<TopicPartition, Assignment> current) {
        this.lock = lock;
        this.current = current;
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

    /** Tells the partition's ledger of the records, and makes a delivery of each that is to be run. */
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
                ReadOutcome outcome = assignment.ledger.read(offset, epoch);
                if (outcome == ReadOutcome.LOG_CUT) {
                    dropped += assignment.cut(offset);
                    cutAt = cutAt < 0 ? offset : cutAt;
                    outcome = assignment.ledger.read(offset, epoch);
                }
                switch (outcome) {
                    case NEW -> {
                        String name = "offset " + offset + " of " + partition;
                        assignment.hold(new Delivery(
                                name, committer, assignment, offset, weight(next), Delivery.Completes.OFFSET));
                        admitted.add(next);
                    }
                    case ALREADY_IN_FLIGHT, ALREADY_COMPLETE ->
                        LOG.debug("Offset {} of {} was taken before", offset, partition);
                    case WINDOW_FULL -> {
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
}
