package dev.serai.ledger;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where reading goes on when a consumer's position is not, or no longer, one of the log's: the log was cut (KIP-320),
 * is another one, or has lost its beginning. Brings the ledger along, and says what is lost. For the consumer's thread.
 */
final class LostPositions {
    private static final Logger LOG = LoggerFactory.getLogger(LostPositions.class);

    private final Assignments assignments;
    private final LogRanges logs;
    private final IntakeListener listener;
    private final Reading reading;

    /** What a consumer can be asked to do. */
    interface Reading {
        /** Reads on from there. */
        void goOn(TopicPartition partition, OffsetAndMetadata position);

        /** Reads nothing of the partition until {@link #goOn}. */
        void hold(TopicPartition partition);

        /** Whether the partition is still this consumer's. */
        boolean owns(TopicPartition partition);
    }

    LostPositions(Assignments assignments, LogRanges logs, IntakeListener listener, Reading reading) {
        this.assignments = assignments;
        this.logs = logs;
        this.listener = listener;
        this.reading = reading;
    }

    /** The client has found that its positions are not in their logs. */
    void outOfRange(OffsetOutOfRangeException e) {
        Map<TopicPartition, OffsetAndMetadata> divergent =
                e instanceof LogTruncationException cut ? cut.divergentOffsets() : Map.of();
        e.offsetOutOfRangePartitions().forEach((partition, position) -> {
            OffsetAndMetadata parting = divergent.get(partition);
            if (parting == null) {
                lookAtLog(partition, position);
            } else {
                sayCut(partition, parting.offset(), position, assignments.cut(partition, parting.offset()));
                reading.goOn(partition, parting);
            }
        });
    }

    /** What was read has shown the ledger that the log was cut there. */
    void cutFound(TopicPartition partition, long offset, int dropped) {
        sayCut(partition, offset, offset, dropped);
    }

    /** What was read has shown the ledger that it is another log. */
    void otherLogFound(TopicPartition partition) {
        // Beyond any end: what is found is its beginning.
        lookAtLog(partition, Long.MAX_VALUE);
    }

    private void lookAtLog(TopicPartition partition, long position) {
        reading.hold(partition);
        logs.ask(partition, position);
    }

    /** Goes on with the partitions whose logs' ranges are known by now. */
    void goOn() {
        for (LogRanges.LogRange range : logs.take()) {
            if (reading.owns(range.partition())) {
                goOn(range);
            }
        }
    }

    private void goOn(LogRanges.LogRange range) {
        TopicPartition partition = range.partition();
        long next = range.position();
        if (range.position() < range.begin()) {
            next = range.begin();
            listener.deletedUnread(range.begin() - range.position());
            LOG.error(
                    "{} offsets of {} were deleted before they were read, from {} on: their events are lost. Reading goes on"
                            + " at {}. Raise retention.ms or retention.bytes of the topic, or see why this service was"
                            + " behind",
                    range.begin() - range.position(),
                    partition,
                    range.position(),
                    range.begin());
            assignments.readUpTo(Map.of(partition, new OffsetAndMetadata(next)));
        } else if (range.position() > range.end()) {
            next = range.begin();
            sayCut(partition, next, range.position(), assignments.begunAnew(partition, next));
        }
        reading.goOn(partition, new OffsetAndMetadata(next));
    }

    void forget(Set<TopicPartition> partitions) {
        partitions.forEach(logs::forget);
    }

    private void sayCut(TopicPartition partition, long offset, long position, int dropped) {
        listener.logCut();
        LOG.error(
                "The log of {} was cut at offset {}, after it had been read up to {}: events there are lost to this service if"
                        + " they were not answered, {} that were under way are dropped. Whatever is written there now is read"
                        + " as new. See whether a broker failed and lost what it had acknowledged"
                        + " (unclean.leader.election.enable, acks, min.insync.replicas)",
                partition,
                offset,
                position,
                dropped);
    }
}
