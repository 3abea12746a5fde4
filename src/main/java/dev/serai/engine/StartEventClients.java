package dev.serai.engine;

import dev.serai.loop.Pause;
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
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code kafkaClientFactory} and {@code kafkaManualCommitFactory} of the endpoint that reads a topic event by event,
 * the start topic or one of raw events: a
 * consumer that keeps ledgers, and with each record its {@link Delivery}. With a commit factory of its own, camel-kafka
 * commits nothing by itself. One consumer at a time; one that follows closely on another waits a while before it begins,
 * longer each time, so that trouble does not become a storm of rebalances. Thread-safe.
 */
public final class StartEventClients extends DefaultKafkaClientFactory implements KafkaManualCommitFactory {
    private static final Logger LOG = LoggerFactory.getLogger(StartEventClients.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /**
     * What a consumer works with.
     *
     * @param reads which topic it is, and in which group
     * @param drain how long running events may take to end when their partition is to go to another owner
     * @param quiet a partition of which nothing came for so long is compared with its log
     */
    public record Parts(
            ReadTopic reads,
            Assignments assignments,
            Committer committer,
            PartitionState state,
            PartitionShare share,
            Arrivals arrivals,
            LogRanges logs,
            IntakeState intake,
            IntakeListener listener,
            Duration drain,
            Duration quiet) {}

    final Parts parts;
    private @Nullable LedgerConsumer last;
    private long lastMadeAt;
    private final Pause pause = new Pause(Duration.ofSeconds(1), LONGEST_PAUSE);

    public StartEventClients(Parts parts) {
        this.parts = parts;
    }

    /** Which topic this reads, and in which group. */
    public ReadTopic reads() {
        return parts.reads();
    }

    /** How long a consumer does not poll at worst: until running events have ended whose partition is taken away. */
    public Duration drain() {
        return parts.drain();
    }

    /** How long a consumer of these properties may go without a poll before the group takes it for dead. */
    public Duration pollInterval(Properties properties) {
        return StartConsumerProperties.of(properties, parts.drain()).pollInterval();
    }

    @Override
    public synchronized Consumer<byte[], byte[]> getConsumer(Properties properties) {
        LedgerConsumer before = last;
        if (before != null && !before.isClosed()) {
            throw new IllegalStateException("a second consumer of " + reads().topic()
                    + " in one process: set consumersCount to 1" + " on the one endpoint with " + reads().option());
        }
        if (before != null) {
            if (System.nanoTime() - lastMadeAt > LONGEST_PAUSE.multipliedBy(2).toNanos()) {
                pause.over();
            }
            parts.assignments().awaitStopping(pause.longer());
        }
        lastMadeAt = System.nanoTime();
        parts.intake().heard();
        try {
            LedgerConsumer consumer = new LedgerConsumer(properties, parts);
            last = consumer;
            return consumer;
        } catch (KafkaException e) {
            // It is tried again, and a restart would come to the same.
            parts.intake().met("no consumer can be made: " + Refusal.text(e.getCause() == null ? e : e.getCause()));
            throw e;
        }
    }

    @Override
    public Producer<Object, Object> getProducer(Properties properties) {
        throw new UnsupportedOperationException(reads().option() + " is for the consumer of " + reads().topic());
    }

    @Override
    public KafkaManualCommit newInstance(
            CamelExchangePayload payload, KafkaRecordPayload kafkaRecord, CommitManager ignored) {
        Delivery delivery = parts.assignments().delivery(kafkaRecord.partition, kafkaRecord.recordOffset);
        payload.exchange.getExchangeExtension().addOnCompletion(endUnlessTakenOver(delivery));
        return delivery;
    }

    /** A step before accept-record can fail, or end the exchange: nobody else would end the delivery then. */
    private SynchronizationAdapter endUnlessTakenOver(Delivery delivery) {
        return new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange exchange) {
                if (!delivery.isTakenOver()) {
                    LOG.error(
                            "{}: its exchange ended before accept-record: the event is not answered, its offset stays"
                                    + " uncommitted, and it runs again after a restart. Steps that fail or end an event"
                                    + " belong after accept-record, into {}. {}",
                            delivery,
                            reads().line(),
                            exchange.getException() == null ? "" : exchange.getException());
                    delivery.end();
                }
            }
        };
    }
}
