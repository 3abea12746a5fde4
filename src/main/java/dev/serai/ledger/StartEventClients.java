package dev.serai.ledger;

import java.time.Duration;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.consumer.CommitManager;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code kafkaClientFactory} and {@code kafkaManualCommitFactory} of the endpoint that reads the start topic: a
 * consumer that keeps ledgers, and with each record its {@link Delivery}. With a commit factory of its own, camel-kafka
 * commits nothing by itself. Thread-safe.
 */
public final class StartEventClients extends DefaultKafkaClientFactory implements KafkaManualCommitFactory {
    private static final Logger LOG = LoggerFactory.getLogger(StartEventClients.class);

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
            CamelExchangePayload payload, KafkaRecordPayload kafkaRecord, CommitManager ignored) {
        Delivery delivery = assignments.delivery(kafkaRecord.partition, kafkaRecord.recordOffset);
        payload.exchange.getExchangeExtension().addOnCompletion(endUnlessTakenOver(delivery));
        return delivery;
    }

    /** A step before accept-record can fail, or end the exchange: nobody else would end the delivery then. */
    private static SynchronizationAdapter endUnlessTakenOver(Delivery delivery) {
        return new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange exchange) {
                if (!delivery.isTakenOver()) {
                    LOG.error(
                            "{}: its exchange ended before accept-record: the event is not answered, its offset stays"
                                    + " uncommitted, and it runs again after a restart. Steps that fail or end an event"
                                    + " belong after accept-record, into conversation.camel.yaml. {}",
                            delivery,
                            exchange.getException() == null ? "" : exchange.getException());
                    delivery.end();
                }
            }
        };
    }
}
