package dev.serai.ledger;

import java.time.Duration;
import java.util.Properties;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.consumer.CommitManager;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * The {@code kafkaClientFactory} and {@code kafkaManualCommitFactory} of the endpoint that reads the start topic: a
 * consumer that keeps ledgers, and with each record its {@link Delivery}. With a commit factory of its own, camel-kafka
 * commits nothing by itself. Thread-safe.
 */
public final class StartEventClients extends DefaultKafkaClientFactory implements KafkaManualCommitFactory {
    private final Assignments assignments;
    private final Committer committer;
    private final PartitionState state;
    private final PartitionShare share;
    private final Duration drain;

    /** @param drain how long running events may take to end when their partition is to go to another owner */
    public StartEventClients(
            Assignments assignments, Committer committer, PartitionState state, PartitionShare share, Duration drain) {
        this.assignments = assignments;
        this.committer = committer;
        this.state = state;
        this.share = share;
        this.drain = drain;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Properties properties) {
        return new LedgerConsumer(properties, assignments, committer, state, share, drain);
    }

    @Override
    public Producer<Object, Object> getProducer(Properties properties) {
        throw new UnsupportedOperationException("kafkaClientFactory=#startEvents is for the start topic's consumer");
    }

    @Override
    public KafkaManualCommit newInstance(
            CamelExchangePayload exchange, KafkaRecordPayload kafkaRecord, CommitManager ignored) {
        return assignments.delivery(kafkaRecord.partition, kafkaRecord.recordOffset);
    }
}
