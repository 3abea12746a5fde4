package dev.serai.engine;

import dev.serai.loop.Counted;
import java.util.HashSet;
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

    private final ReadProgress progress;
    private final LogRanges logs;
    private final IntakeListener listener;
    private final Reading reading;

    /** Of which it is certain that the log was cut, or is another one, and not known where. */
    private final Set<TopicPartition> cutSomewhere = new HashSet<>();

    /** What a consumer can be asked to do. */
    interface Reading {
        /** Reads on from there. */
        void goOn(TopicPartition partition, OffsetAndMetadata position);

        /** Reads nothing of the partition until {@link #goOn}. */
        void hold(TopicPartition partition);

        /** Whether the partition is still this consumer's. */
        boolean owns(TopicPartition partition);
    }

    LostPositions(ReadProgress progress, LogRanges logs, IntakeListener listener, Reading reading) {
        this.progress = progress;
        this.logs = logs;
        this.listener = listener;
        this.reading = reading;
    }

    /** The client has found that its positions are not in their logs. */
    void outOfRange(OffsetOutOfRangeException e) {
        boolean cut = e instanceof LogTruncationException;
        Map<TopicPartition, OffsetAndMetadata> divergent =
                e instanceof LogTruncationException found ? found.divergentOffsets() : Map.of();
        e.offsetOutOfRangePartitions().forEach((partition, position) -> {
            OffsetAndMetadata parting = divergent.get(partition);
            if (parting == null) {
                if (cut) {
                    cutSomewhere.add(partition);
                }
                lookAtLog(partition, position);
            } else {
                sayCut(partition, parting.offset(), position, progress.cut(partition, parting.offset()));
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
        cutSomewhere.add(partition);
        lookAtLog(partition, progress.lowestIncomplete(partition));
    }

    private void lookAtLog(TopicPartition partition, long position) {
        LOG.warn("Offset {} of {} is not in its log: looking where that begins and ends", position, partition);
        reading.hold(partition);
        logs.ask(partition, position);
    }

    /** Goes on with the partitions whose logs' ranges are known by now. */
    void goOn() {
        for (LogRanges.LogRange range : logs.take()) {
            boolean cut = cutSomewhere.remove(range.partition());
            if (!reading.owns(range.partition())) {
                continue;
            }
            if (!cut && range.position() < range.begin()) {
                goOnAtBegin(range);
            } else {
                goOn(range, cut);
            }
        }
    }

    private void goOnAtBegin(LogRanges.LogRange range) {
        TopicPartition partition = range.partition();
        listener.deletedUnread(range.begin() - range.position());
        LOG.error(
                "{} of {} deleted before being read, from {} on: the events there are lost. Reading goes on"
                        + " at {}. Raise retention.ms or retention.bytes of the topic, or see why this service was"
                        + " behind",
                Counted.text(range.begin() - range.position(), "offset"),
                partition,
                range.position(),
                range.begin());
        OffsetAndMetadata begin = new OffsetAndMetadata(range.begin());
        progress.readUpTo(Map.of(partition, begin));
        reading.goOn(partition, begin);
    }

    /**
     * The log ends below the position, or did when the position was out of its range: what lies between may be other events
     * by now. Where the epoch is known of what was read last, the client finds out from there where the logs part.
     */
    private void goOn(LogRanges.LogRange range, boolean cut) {
        TopicPartition partition = range.partition();
        OffsetAndMetadata position = progress.position(partition, range.position());
        if (!cut && position.leaderEpoch().isPresent()) {
            reading.goOn(partition, position);
            return;
        }
        sayCut(partition, range.begin(), range.position(), progress.begunAnew(partition, range.begin()));
        reading.goOn(partition, new OffsetAndMetadata(range.begin()));
    }

    void forget(Set<TopicPartition> partitions) {
        cutSomewhere.removeAll(partitions);
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
