package dev.serai.engine;

import dev.serai.engine.Leftovers.Earlier;
import dev.serai.loop.OutOfMemory;
import dev.serai.loop.RepeatedWarning;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producers of this process's transactional id, one after another. Each takes the id over, which ends what the one
 * before has left undecided, here or in a process that was killed.
 *
 * <p>For one thread, but for {@link #close}.
 */
final class TransactionalProducers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionalProducers.class);

    /** Longer than a transaction takes, short enough that a killed process's partitions are not stuck for long. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    /** How long a call of a producer waits for Kafka. */
    static final Duration BLOCK = Duration.ofSeconds(5);

    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    /** Of a start: a minute, in which brokers that are restarted or elect a leader are back. */
    private static final int TRIES = 12;

    private final Map<String, Object> properties;
    private final Admin admin;
    private final Factory factory;
    private final Leftovers leftovers;
    private final RepeatedWarning away = new RepeatedWarning(LOG);
    private @Nullable Producer<byte[], byte[]> current;
    private @Nullable String trouble;

    /** Makes producers that have not begun. */
    @FunctionalInterface
    interface Factory {
        Producer<byte[], byte[]> make(Map<String, Object> properties);
    }

    /**
     * @param properties as {@link #properties} has them
     * @param groupId whose offsets the transactions commit
     * @param startTopic which these are of
     * @param topics that are written to again and again
     */
    TransactionalProducers(
            Map<String, Object> properties,
            String groupId,
            String startTopic,
            Admin admin,
            Collection<String> topics,
            Factory factory) {
        this.properties = properties;
        leftovers = new Leftovers(admin, transactionalId(), groupId, startTopic, topics);
        this.admin = admin;
        this.factory = factory;
    }

    static Producer<byte[], byte[]> ofKafka(Map<String, Object> properties) {
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static Map<String, Object> properties(Map<String, Object> kafkaProperties, String transactionalId) {
        Map<String, Object> all = new HashMap<>(kafkaProperties);
        all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(TRANSACTION_TIMEOUT.toMillis()));
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // Records of one transaction come within this time, and are waited for before the offsets go out.
        all.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        // A transaction that follows closely on another is told to come again while the other's markers are written.
        all.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK.toMillis());
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
        // Whatever the start topic took must fit into a dead letter: no bound of the producer's own below the brokers'.
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20);
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 128L << 20);
        return all;
    }

    /**
     * Takes over the transactional id.
     *
     * @throws TransactionsForbiddenException if the cluster refuses
     * @throws NoTransactionsException if it has not answered within a minute
     */
    void open() {
        try {
            Earlier before = new Earlier(Set.of(), lastOutcome() == LastOutcome.COMMITTED);
            for (int tries = 1; !openOnce(before); tries++) {
                if (tries >= TRIES) {
                    throw new NoTransactionsException(unanswered());
                }
                away.met("begin", unanswered());
            }
            away.over("There is a transactional producer");
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (AuthorizationException | UnsupportedVersionException e) {
            throw new TransactionsForbiddenException(transactionalId(), e);
        }
    }

    /** Brokers may be there, and answer everything else. */
    private String unanswered() {
        return "no transaction can be begun: the coordinator of the transactional id " + transactionalId()
                + " does not answer. Check the brokers and the replicas of __transaction_state: a topic that is not there yet"
                + " needs as many brokers as transaction.state.log.replication.factor says";
    }

    String transactionalId() {
        return String.valueOf(properties.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG));
    }

    /** What became of the last transaction of this id: no more than that once there is another producer. */
    LastOutcome lastOutcome() throws InterruptedException {
        return leftovers.lastOutcome();
    }

    /** Of the transactions of this id. */
    TransactionEnds ends(CommittedOffsets committed) {
        return new TransactionEnds(admin, transactionalId(), committed);
    }

    /** False if Kafka did not answer in time. */
    private boolean openOnce(Earlier earlier) {
        Producer<byte[], byte[]> fresh = begun();
        if (fresh != null && !leftovers.end(fresh, earlier)) {
            // Offsets that were given to a transaction and not answered would go out with its next one.
            fresh.close(Duration.ZERO);
            fresh = begun();
        }
        current = fresh;
        return fresh != null;
    }

    private @Nullable Producer<byte[], byte[]> begun() {
        Producer<byte[], byte[]> fresh = factory.make(properties);
        try {
            fresh.initTransactions();
            return fresh;
        } catch (TimeoutException e) {
            fresh.close(Duration.ZERO);
            return null;
        } catch (RuntimeException | Error e) {
            fresh.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * Ends what earlier transactions of this process have left open, with the current producer, or another one if that
     * cannot. As far as is known: whoever reads there finds out whether something is open nevertheless.
     *
     * @param further partitions that were written to lately
     * @return whether there is a producer
     */
    boolean endLeftovers(Set<TopicPartition> further) throws InterruptedException {
        Earlier earlier = new Earlier(further, false);
        Producer<byte[], byte[]> used = current;
        if (used != null && leftovers.end(used, earlier)) {
            return true;
        }
        end();
        return reopen(earlier);
    }

    /** The one that can be used now; null if there is none. */
    @Nullable
    Producer<byte[], byte[]> current() {
        return current;
    }

    /** Why the last attempt to get one failed. */
    String trouble() {
        return trouble == null ? unanswered() : trouble;
    }

    /** Gives the current one up, at once. What it has left undecided is decided when there is another. */
    void end() {
        Producer<byte[], byte[]> broken = current;
        current = null;
        if (broken != null) {
            broken.close(Duration.ZERO);
        }
    }

    /** Tries to get another one; whether there is one now. Waits a while if Kafka refuses. */
    boolean reopen() throws InterruptedException {
        return reopen(Earlier.NONE);
    }

    private boolean reopen(Earlier earlier) throws InterruptedException {
        try {
            boolean opened = openOnce(earlier);
            trouble = opened ? null : unanswered();
            if (opened) {
                away.over("There is a transactional producer again");
            } else {
                away.met("open", "Nothing is published: " + unanswered());
            }
            return opened;
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            OutOfMemory.endProcessIf(e);
            trouble = e instanceof TransactionalIdAuthorizationException
                    ? new TransactionsForbiddenException(transactionalId(), e).getMessage()
                    : Refusal.text(e);
            away.met(
                    e.getClass().getName(),
                    "No transactional producer can be had, and nothing is published, which is tried again: " + trouble);
            Thread.sleep(TRY_AGAIN);
            return false;
        }
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> last = current;
        if (last != null) {
            last.close(Duration.ofSeconds(1));
        }
    }
}
