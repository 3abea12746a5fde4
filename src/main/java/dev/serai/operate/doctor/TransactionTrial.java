package dev.serai.operate.doctor;

import dev.serai.engine.Transactions;
import dev.serai.kafka.KafkaAnswers;
import dev.serai.settings.SeraiSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins a transaction as the service does, asks the coordinator since when it is open, and aborts it. What is in it is an
 * offset of the service's group for the session topic, which nobody reads in a group: no record is written to a topic of the
 * service's, no offset that the group has is touched, and readers see nothing. A group that was not there is an empty one for
 * Kafka until it looks for such (every ten minutes). Its transactional id is the service's with {@value #SUFFIX} behind it,
 * always the same one, so that what a killed doctor has left open is ended by the next.
 */
final class TransactionTrial {
    static final String SUFFIX = "-doctor";

    private static final Logger LOG = LoggerFactory.getLogger(TransactionTrial.class);

    /** Should this process be killed, the broker ends the transaction then. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final Duration BLOCK = Duration.ofSeconds(4);

    private final KafkaAccess kafka;
    private final SeraiSettings settings;
    private final String serviceId;

    /** What came of it. */
    sealed interface Outcome {}

    /**
     * It was begun and aborted.
     *
     * @param clock what was seen of the coordinator's clock; empty if it does not tell
     */
    record Aborted(String transactionalId, Duration took, Optional<Skew> clock) implements Outcome {}

    /** This client may not. */
    record Forbidden(String transactionalId, String serviceId, String reason) implements Outcome {}

    /** Another process has the same id at this moment. */
    record TakenOver(String transactionalId) implements Outcome {}

    /** It did not go as it should. */
    record Failed(String transactionalId, String reason) implements Outcome {}

    /** The topic that it takes is not there yet, or may not be seen. */
    record NotTried(String topic) implements Outcome {}

    /**
     * How far a clock is ahead of this machine's.
     *
     * @param ahead negative if it is behind
     * @param within how far that can be wrong, either way
     */
    record Skew(Duration ahead, Duration within) {}

    TransactionTrial(KafkaAccess kafka, Deployment deployment) {
        this.kafka = kafka;
        settings = deployment.settings();
        serviceId = Transactions.transactionalId(settings.kafka().groupId(), deployment.instanceId());
    }

    Outcome run() throws InterruptedException {
        String id = serviceId + SUFFIX;
        String topic = settings.kafka().sessionTopic();
        try {
            KafkaAnswers.await(kafka.admin().describeTopics(List.of(topic)).allTopicNames());
        } catch (UnknownTopicOrPartitionException | InvalidTopicException | AuthorizationException e) {
            return new NotTried(topic);
        }
        long begun = System.nanoTime();
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties(id), new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            producer.beginTransaction();
            Optional<Skew> clock = clock(producer, id);
            producer.abortTransaction();
            return new Aborted(id, Duration.ofNanos(System.nanoTime() - begun), clock);
        } catch (InterruptException e) {
            throw new InterruptedException();
        } catch (AuthorizationException e) {
            return new Forbidden(id, serviceId, String.valueOf(e.getMessage()));
        } catch (ProducerFencedException e) {
            return new TakenOver(id);
        } catch (KafkaException e) {
            LOG.debug("The transaction of {} failed", id, e);
            return new Failed(id, String.valueOf(e.getMessage()));
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    private Map<String, Object> properties(String id) {
        Map<String, Object> properties = new HashMap<>(kafka.properties());
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(TIMEOUT.toMillis()));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK.toMillis());
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(BLOCK.toMillis()));
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(BLOCK.toMillis()));
        return properties;
    }

    /** The coordinator notes when something comes into a transaction first. */
    private Optional<Skew> clock(KafkaProducer<byte[], byte[]> producer, String id) throws InterruptedException {
        Instant before = Instant.now();
        try {
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(settings.kafka().sessionTopic(), 0), new OffsetAndMetadata(0)),
                    noMember());
        } catch (CommitFailedException e) {
            // The group has members that this is none of: the transaction has begun all the same.
            LOG.debug("The group takes no offset of another", e);
        }
        Instant after = Instant.now();
        TransactionDescription description = KafkaAnswers.await(
                kafka.admin().describeTransactions(List.of(id)).description(id));
        if (description.transactionStartTimeMs().isEmpty()) {
            return Optional.empty();
        }
        Instant there =
                Instant.ofEpochMilli(description.transactionStartTimeMs().getAsLong());
        Duration half = Duration.between(before, after).dividedBy(2);
        return Optional.of(new Skew(Duration.between(before.plus(half), there), half.plusMillis(1)));
    }

    /** Kafka's other way to such an object is a consumer, which would have to be made for this alone. */
    @SuppressWarnings("removal")
    private ConsumerGroupMetadata noMember() {
        return new ConsumerGroupMetadata(settings.kafka().groupId());
    }
}
