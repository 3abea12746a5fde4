package dev.serai.ledger;

import java.time.Duration;
import java.util.Properties;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.consumer.CommitManager;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * The {@code kafkaClientFactory} and {@code kafkaManualCommitFactory} of the endpoint that reads the start topic: a
 * consumer that keeps ledgers, and with each record its {@link Delivery}. With a commit factory of its own, camel-kafka
 * commits nothing by itself. One consumer at a time; one that follows closely on another waits a while before it begins,
 * longer each time, so that trouble does not become a storm of rebalances. Thread-safe.
 */
public final class StartEventClients extends DefaultKafkaClientFactory implements KafkaManualCommitFactory {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /**
     * What a consumer works with.
     *
     * @param drain how long running events may take to end when their partition is to go to another owner
     */
    public record Parts(
            Assignments assignments,
            Committer committer,
            PartitionState state,
            PartitionShare share,
            Arrivals arrivals,
            LogRanges logs,
            IntakeState intake,
            IntakeListener listener,
            Duration drain) {}

    private final Parts parts;
    private @Nullable LedgerConsumer last;
    private long lastMadeAt;
    private Duration pause = Duration.ZERO;

    public StartEventClients(Parts parts) {
        this.parts = parts;
    }

    @Override
    public synchronized Consumer<byte[], byte[]> getConsumer(Properties properties) {
        LedgerConsumer before = last;
        if (before != null && !before.isClosed()) {
            throw new IllegalStateException(
                    "a second consumer of the start topic in one process: set consumersCount to 1"
                            + " on the one endpoint with kafkaClientFactory=#startEvents");
        }
        if (before != null) {
            pause = nextPause();
            parts.assignments().awaitStopping(pause);
        }
        lastMadeAt = System.nanoTime();
        LedgerConsumer consumer = new LedgerConsumer(properties, parts);
        last = consumer;
        return consumer;
    }

    private Duration nextPause() {
        if (System.nanoTime() - lastMadeAt > LONGEST_PAUSE.multipliedBy(2).toNanos()) {
            return FIRST_PAUSE;
        }
        Duration doubled = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    @Override
    public Producer<Object, Object> getProducer(Properties properties) {
        throw new UnsupportedOperationException("kafkaClientFactory=#startEvents is for the start topic's consumer");
    }

    @Override
    public KafkaManualCommit newInstance(
            CamelExchangePayload exchange, KafkaRecordPayload kafkaRecord, CommitManager ignored) {
        return parts.assignments().delivery(kafkaRecord.partition, kafkaRecord.recordOffset);
    }
}
