package dev.serai.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.commons.lang3.math.NumberUtils;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The records that one event sends: kept until the event is done, then sent in the transaction that completes it.
 *
 * <p>A step of the event's route runs with the outbox bound to its thread, and whatever {@code kafka:} endpoint of the
 * outbox factory it sends to adds its record here. Thread-safe: parallel branches of a route may share one.
 */
public final class Outbox {
    private static final ThreadLocal<@Nullable Outbox> BOUND = new ThreadLocal<>();

    /**
     * The header in which a message to an outbox endpoint names the headers of its record that were kept with
     * {@link #keepHeaders}; the record has those in its place.
     */
    public static final String KEPT_HEADERS = "serai-kept-headers";

    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();

    /** What a message cannot carry of its record. */
    private record Kept(Iterable<Header> headers, UnaryOperator<byte[]> envelope) {}

    /** Binds an outbox to the thread until it is closed; what was bound before is bound again then. */
    public final class Binding implements AutoCloseable {
        private final @Nullable Outbox before = BOUND.get();

        private Binding() {
            if (before != Outbox.this) {
                BOUND.set(Outbox.this);
            }
        }

        @Override
        public void close() {
            if (before == null) {
                BOUND.remove();
            } else if (before != Outbox.this) {
                BOUND.set(before);
            }
        }
    }

    /** Lets this thread's sends end up here until the binding is closed, on the same thread. */
    public Binding bind() {
        return new Binding();
    }

    /** The outbox that is bound to this thread, or null. */
    static @Nullable Outbox bound() {
        return BOUND.get();
    }

    /** Adds a record behind those that are there. */
    public synchronized void add(ProducerRecord<byte[], byte[]> kafkaRecord) {
        records.add(kafkaRecord);
    }

    /**
     * Keeps headers for the record of a message, which cannot carry them: Camel's headers have no case, one value for each
     * name and names of their own.
     *
     * @param envelope makes the record's value of the message's, which is for the steps between here and there
     * @return what the message's header {@link #KEPT_HEADERS} has to say
     */
    public synchronized String keepHeaders(Iterable<Header> headers, UnaryOperator<byte[]> envelope) {
        kept.add(new Kept(headers, envelope));
        return String.valueOf(kept.size() - 1);
    }

    /**
     * Puts the headers that were kept for a record in place of the one that names them; without effect if none does.
     *
     * @return what makes the record's value of the message's
     */
    synchronized UnaryOperator<byte[]> unpack(Headers headers) {
        Header named = headers.lastHeader(KEPT_HEADERS);
        int place = named == null || named.value() == null
                ? -1
                : NumberUtils.toInt(new String(named.value(), StandardCharsets.US_ASCII), -1);
        if (place < 0 || place >= kept.size()) {
            return UnaryOperator.identity();
        }
        headers.remove(KEPT_HEADERS);
        kept.get(place).headers().forEach(headers::add);
        return kept.get(place).envelope();
    }

    /** Takes back everything that was added: the event has come to something else. */
    public synchronized void clear() {
        records.clear();
    }

    /** Takes back what was added for a topic. */
    public synchronized void takeBack(String topic) {
        records.removeIf(kafkaRecord -> kafkaRecord.topic().equals(topic));
    }

    /** Whether a record for this topic says when it was written. */
    public synchronized boolean hasTimestamps(String topic) {
        return records.stream()
                .anyMatch(kafkaRecord -> kafkaRecord.topic().equals(topic) && kafkaRecord.timestamp() != null);
    }

    /** Lets Kafka say when the records for this topic were written: it does not take the times that they had. */
    public synchronized void forgetTimestamps(String topic) {
        records.replaceAll(kafkaRecord -> kafkaRecord.topic().equals(topic)
                ? new ProducerRecord<>(
                        topic,
                        kafkaRecord.partition(),
                        null,
                        kafkaRecord.key(),
                        kafkaRecord.value(),
                        kafkaRecord.headers())
                : kafkaRecord);
    }

    /** The size of keys and values together. */
    public synchronized long bytes() {
        return records.stream()
                .mapToLong(kafkaRecord -> length(kafkaRecord.key()) + length(kafkaRecord.value()))
                .sum();
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** What was added, in its order. */
    public synchronized List<ProducerRecord<byte[], byte[]>> records() {
        return List.copyOf(records);
    }
}
