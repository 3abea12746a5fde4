package dev.serai.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records in transactions of a name, all of a call or none. Whoever opens one of the same name ends what another has left
 * undecided, and the other writes nothing any more: what is read after the opening stays true until the next one.
 *
 * <p>For one thread. Every method may throw what Kafka's clients do, a {@link ProducerFencedException} when another was opened;
 * after that it is of no more use, but for a {@link WriteRefusedException}.
 */
public final class TransactionalWriter implements AutoCloseable {
    /** Readers wait before an open transaction, so that of a killed process must end soon. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

    private static final int COMMIT_TRIES = 3;
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final KafkaProducer<byte[], byte[]> producer;

    private TransactionalWriter(KafkaProducer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * Waits until no other is at work.
     *
     * @param kafka {@code bootstrap.servers} at least
     * @param name of these transactions: whoever uses the same ends them
     * @param patience with brokers that do not answer, in the opening and in each step of a transaction
     */
    public static TransactionalWriter open(Map<String, Object> kafka, String name, Duration patience) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patience.toMillis());
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
        // Whatever the brokers take must fit: no bound of the producer's own below theirs.
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 128L << 20);
        var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            return new TransactionalWriter(producer);
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * Writes the records.
     *
     * @throws WriteRefusedException if Kafka does not take one of them; none is written then
     */
    public void write(List<ProducerRecord<byte[], byte[]>> records) {
        write(records, places -> List.of());
    }

    /**
     * Writes the records, and what follows from where they came to lie.
     *
     * @param then is told where each record lies, in their order
     * @throws WriteRefusedException if Kafka does not take one of them; none is written then
     */
    public void write(
            List<ProducerRecord<byte[], byte[]>> records,
            Function<List<RecordMetadata>, List<ProducerRecord<byte[], byte[]>>> then) {
        producer.beginTransaction();
        try {
            send(then.apply(send(records)));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw failed(e);
        }
        commit();
    }

    private List<RecordMetadata> send(List<ProducerRecord<byte[], byte[]>> records)
            throws InterruptedException, ExecutionException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> next : records) {
            Future<RecordMetadata> one = producer.send(next);
            if (one.isDone()) {
                // After a failure the producer would wait with each of the others, too, as long as it has patience.
                one.get();
            }
            sent.add(one);
        }
        producer.flush();
        List<RecordMetadata> places = new ArrayList<>();
        for (Future<RecordMetadata> one : sent) {
            places.add(one.get());
        }
        return places;
    }

    /** Of a refused record also those fail that went with it, which name it as their cause. */
    private KafkaException failed(@Nullable Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .filter(cause -> cause instanceof RecordTooLargeException
                        || cause instanceof InvalidRecordException
                        || cause instanceof InvalidTimestampException)
                .findFirst()
                .<KafkaException>map(refused -> {
                    producer.abortTransaction();
                    return new WriteRefusedException(refused);
                })
                .orElseGet(() -> told(failure));
    }

    private static KafkaException told(@Nullable Throwable failure) {
        if (failure instanceof InvalidProducerEpochException old) {
            // What a broker says of a producer that was fenced, unless the coordinator of transactions says it.
            return new ProducerFencedException(old.getMessage());
        }
        return failure instanceof KafkaException kafka ? kafka : new KafkaException(failure);
    }

    /** One that did not answer in time may be asked again. */
    private void commit() {
        for (int tries = 1; ; tries++) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                if (tries == COMMIT_TRIES) {
                    throw e;
                }
            } catch (InvalidProducerEpochException e) {
                throw new ProducerFencedException(e.getMessage());
            }
        }
    }

    /** What was not committed is aborted. Also on a thread that is interrupted, which stays so. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            producer.close(CLOSE);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
