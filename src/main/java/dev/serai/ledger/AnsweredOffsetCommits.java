package dev.serai.ledger;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.component.kafka.consumer.CommitManager;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits a record's offset when the route says that the record was answered, and never an offset above a record that
 * was not: records run one at a time per partition, so if one ends without its commit, later ones of that partition
 * stay uncommitted until the partition is assigned anew and read again from there.
 *
 * <p>With a factory of its own, camel-kafka's commit manager does nothing by itself.
 *
 * <p>Thread safety: {@code newInstance} and {@code commit} run on the consumer's thread (the route is synchronous);
 * several consumers share this object, and its state is kept under its lock, but for the commits themselves.
 */
public final class AnsweredOffsetCommits implements KafkaManualCommitFactory {
    private static final Logger LOG = LoggerFactory.getLogger(AnsweredOffsetCommits.class);

    private final Map<TopicPartition, Unanswered> unanswered = new HashMap<>();

    /** The lowest record of a partition that has begun and was not answered, as of one generation of the group. */
    private record Unanswered(long offset, int generation) {}

    @Override
    public KafkaManualCommit newInstance(
            CamelExchangePayload exchange, KafkaRecordPayload kafkaRecord, CommitManager ignored) {
        TopicPartition partition = kafkaRecord.partition;
        long offset = kafkaRecord.recordOffset;
        begin(
                partition,
                new Unanswered(offset, exchange.consumer.groupMetadata().generationId()));
        return () -> commit(exchange.consumer, partition, offset, Duration.ofMillis(kafkaRecord.commitTimeout));
    }

    private synchronized void begin(TopicPartition partition, Unanswered begun) {
        // A new generation reads again from the committed offset, and so does whoever comes by the offset once more.
        unanswered.merge(
                partition,
                begun,
                (open, next) -> next.generation() != open.generation() || next.offset() <= open.offset() ? next : open);
    }

    private void commit(Consumer<?, ?> consumer, TopicPartition partition, long offset, Duration timeout) {
        synchronized (this) {
            Unanswered lowest = unanswered.get(partition);
            if (lowest != null && lowest.offset() < offset) {
                LOG.error(
                        "Offset {} of {} was never answered: it and all later ones stay uncommitted and run again after"
                                + " the next rebalance or restart",
                        lowest.offset(),
                        partition);
                return;
            }
            unanswered.remove(partition);
        }
        try {
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset + 1)), timeout);
        } catch (KafkaException e) {
            // Offsets are positions: the next commit covers this one. Until then the event can run again.
            LOG.warn("Offset {} of {} is answered but stays uncommitted: {}", offset, partition, e.toString());
        }
    }
}
