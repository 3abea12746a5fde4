package dev.serai.operate.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.operate.letters.Verdict.Publish;
import dev.serai.wire.DeadLetter;
import dev.serai.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events with the marks of their letters, together or not at all. All replays of one topic of letters have one
 * transactional id: whoever opens this ends what another has left undecided, and the other commits nothing any more. Marks
 * that are read after the opening are therefore complete, and stay so until another is opened.
 *
 * <p>For one thread. Every method may throw what Kafka's clients do; after that it is of no more use.
 */
final class ReplayTransactions implements AutoCloseable {
    /** The service waits before an open transaction, so that of a killed replay must end soon. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

    private static final int BLOCK_MILLIS = 30_000;
    private static final int COMMIT_TRIES = 3;

    private final String marksTopic;
    private final KafkaProducer<byte[], byte[]> producer;

    /** An event to be published, and the letter that it is of. */
    @SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed over and never compared
    record Event(byte[] markKey, Letter letter, Publish to, byte @Nullable [] value) {}

    /** Kafka does not take one of the records; nothing was published. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }

    private ReplayTransactions(String marksTopic, KafkaProducer<byte[], byte[]> producer) {
        this.marksTopic = marksTopic;
        this.producer = producer;
    }

    static ReplayTransactions open(Map<String, Object> kafka, String marksTopic) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, marksTopic);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
        // Whatever a topic took once must fit: no bound of the producer's own below the brokers'.
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 << 20);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 128L << 20);
        var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            return new ReplayTransactions(marksTopic, producer);
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * Publishes the events, their marks and the record of the replay.
     *
     * @param mark what the marks say beside where the event came to lie
     * @param replay the record of the replay, as it is with these
     * @throws RefusedException if Kafka does not take one of the events; none is published then
     */
    void publish(List<Event> events, ObjectNode mark, String replayId, ObjectNode replay) throws RefusedException {
        producer.beginTransaction();
        try {
            List<RecordMetadata> places =
                    send(events.stream().map(ReplayTransactions::toRecord).toList());
            List<ProducerRecord<byte[], byte[]>> marks = new ArrayList<>();
            for (int i = 0; i < events.size(); i++) {
                Event event = events.get(i);
                RecordMetadata at = places.get(i);
                ObjectNode value = mark.deepCopy();
                value.put("letter", event.letter().position());
                value.put("published", at.topic() + "-" + at.partition() + "-" + at.offset());
                marks.add(new ProducerRecord<>(marksTopic, event.markKey(), Json.bytes(value)));
            }
            marks.add(new ProducerRecord<>(
                    marksTopic, (ReplayMarks.REPLAY + replayId).getBytes(UTF_8), Json.bytes(replay)));
            send(marks);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (KafkaException e) {
            throw failed(e);
        }
        commit();
    }

    private List<RecordMetadata> send(List<ProducerRecord<byte[], byte[]>> records)
            throws InterruptedException, ExecutionException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        records.forEach(next -> sent.add(producer.send(next)));
        producer.flush();
        List<RecordMetadata> places = new ArrayList<>();
        for (Future<RecordMetadata> one : sent) {
            places.add(one.get());
        }
        return places;
    }

    /** Of a refused record also those fail that went with it, which name it as their cause. */
    private RefusedException failed(@Nullable Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RecordTooLargeException
                    || cause instanceof InvalidRecordException
                    || cause instanceof InvalidTimestampException) {
                producer.abortTransaction();
                return new RefusedException(cause);
            }
        }
        throw failure instanceof KafkaException kafka ? kafka : new KafkaException(failure);
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
            }
        }
    }

    private static ProducerRecord<byte[], byte[]> toRecord(Event event) {
        Letter letter = event.letter();
        // A time of its own: spans count from it.
        var published = new ProducerRecord<>(
                event.to().topic(), event.to().partition(), letter.asRecord().key(), event.value());
        letter.eventHeaders().forEach(header -> published.headers().add(header.name(), header.value()));
        published
                .headers()
                .add(DeadLetter.REPLAYS, Integer.toString(letter.replays() + 1).getBytes(UTF_8));
        return published;
    }

    /** What was not committed is aborted. */
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
