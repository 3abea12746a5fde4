package dev.serai.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Asks Kafka whether this client may use transactions, beside a service of the same name that runs: whoever begins with
 * a transactional id ends the producer that has it.
 *
 * <p>So it asks with an id of its own, which begins with the service's, and for transactions that may last longer than brokers
 * allow. Kafka looks at the right first and at that bound second, and refuses both before it notes anything of the id. Where
 * {@code transaction.max.timeout.ms} is that large, it notes an id that nobody else has, and forgets it after
 * {@code transactional.id.expiration.ms}. A right that is given to the service's very id alone is not seen that way, which
 * is said. Immutable.
 */
public final class TransactionsCheck {
    /** What Kafka said. */
    public sealed interface Answer {}

    /** The right is there. */
    public record Allowed() implements Answer {}

    /**
     * The right is missing.
     *
     * @param text what is missing, and what mends it
     */
    public record Forbidden(String text) implements Answer {}

    /**
     * Nothing can be said.
     *
     * @param reason why, as a sentence
     */
    public record Unknown(String reason) implements Answer {}

    private final Map<String, Object> kafkaProperties;
    private final String transactionalId;
    private final Duration limit;

    /**
     * @param groupId of the service
     * @param instanceId of the process that is to run
     * @param limit for each answer of Kafka; at least 1 ms
     */
    public TransactionsCheck(Map<String, Object> kafkaProperties, String groupId, String instanceId, Duration limit) {
        this.kafkaProperties = Map.copyOf(kafkaProperties);
        transactionalId = Transactions.transactionalId(groupId, instanceId);
        this.limit = limit;
    }

    public Answer look() throws InterruptedException {
        Map<String, Object> properties = new HashMap<>(kafkaProperties);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId + "-check-" + UUID.randomUUID());
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Integer.MAX_VALUE);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, limit.toMillis());
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            return new Allowed();
        } catch (TimeoutException e) {
            return new Unknown("Kafka did not answer within " + limit.toMillis() + " ms");
        } catch (UnsupportedVersionException e) {
            return forbidden(e);
        } catch (InterruptException e) {
            throw new InterruptedException();
        } catch (AuthorizationException e) {
            return ofTheIdAlone(e);
        } catch (KafkaException e) {
            return isOfTheBound(e) ? new Allowed() : new Unknown(Refusal.text(e));
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    /** The client makes another exception of Kafka's, and keeps its text. */
    private static boolean isOfTheBound(Throwable failure) {
        for (Throwable next = failure; next != null; next = next.getCause()) {
            if (String.valueOf(next.getMessage()).contains(Errors.INVALID_TRANSACTION_TIMEOUT.message())) {
                return true;
            }
        }
        return false;
    }

    /** Whoever may write to an id may describe it: so one that may not be described is not allowed. */
    private Answer ofTheIdAlone(AuthorizationException refused) throws InterruptedException {
        try (Admin admin = Admin.create(kafkaProperties)) {
            admin.describeTransactions(List.of(transactionalId)).all().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return seen();
        } catch (ExecutionException e) {
            return e.getCause() instanceof AuthorizationException ? forbidden(refused) : seen();
        } catch (java.util.concurrent.TimeoutException e) {
            return new Unknown("Kafka did not answer within " + limit.toMillis() + " ms");
        }
    }

    private Answer seen() {
        return new Unknown("this client may DESCRIBE " + transactionalId
                + " and no others that begin so. Whether it may WRITE to it, Kafka tells only to whoever begins with it,"
                + " which ends the one that a running service has");
    }

    private Answer forbidden(KafkaException refused) {
        return new Forbidden(String.valueOf(new TransactionsForbiddenException(transactionalId, refused).getMessage()));
    }
}
