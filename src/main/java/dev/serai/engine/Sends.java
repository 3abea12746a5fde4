package dev.serai.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.jspecify.annotations.Nullable;

/** The records of one transaction, on their way. For one thread. */
final class Sends {
    /** So long a record may be on its way before its topic is looked at: it may have been deleted. */
    private static final Duration SUSPICIOUS = Duration.ofSeconds(1);

    /** Of exceptions that a broker or the client gives for what is wrong with the record itself. */
    private static final Set<Class<? extends Exception>> OF_THE_RECORD = Set.of(
            RecordTooLargeException.class,
            TopicAuthorizationException.class,
            UnknownTopicOrPartitionException.class,
            InvalidTopicException.class,
            InvalidRecordException.class,
            InvalidTimestampException.class,
            PolicyViolationException.class,
            SerializationException.class,
            UnsupportedForMessageFormatException.class);

    /** Those that are true of every record of the topic. */
    private static final Set<Class<? extends Exception>> OF_THE_TOPIC = Set.of(
            TopicAuthorizationException.class, UnknownTopicOrPartitionException.class, InvalidTopicException.class);

    private final OutgoingTopics topics;
    private final List<Sent> sent = new ArrayList<>();

    /** In the order in which they were told, on the client's thread. */
    private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();

    private record Sent(
            Delivery delivery, ProducerRecord<byte[], byte[]> outgoing, Future<RecordMetadata> acknowledgement) {
        String topic() {
            return outgoing.topic();
        }
    }

    /**
     * Where a record is.
     *
     * @param offset -1 if Kafka has not told
     */
    record Placed(Delivery delivery, ProducerRecord<byte[], byte[]> outgoing, TopicPartition partition, long offset) {}

    private record Failure(Delivery delivery, ProducerRecord<byte[], byte[]> outgoing, Exception reason) {
        String topic() {
            return outgoing.topic();
        }
    }

    /** What came of them. */
    sealed interface Outcome {
        /** Kafka has all of them. */
        record AllTaken() implements Outcome {}

        /**
         * Kafka does not take records of these deliveries, and would not if they were sent again.
         *
         * @param pending whether some are still on their way: only the end of the producer stops them
         */
        record Refused(Map<Delivery, RecordRefusedException> culprits, boolean pending) implements Outcome {}

        /**
         * Some were not taken, and nothing says that they will not be.
         *
         * @param blamed deliveries of which Kafka did not take a record while it took others; empty if it took none
         */
        record Failed(Throwable reason, Set<Delivery> blamed) implements Outcome {}
    }

    Sends(OutgoingTopics topics) {
        this.topics = topics;
    }

    /**
     * Hands the records to the producer, until the first of them fails: the producer takes no more of the transaction then, but
     * would wait with each for the metadata of a topic that is not there.
     */
    void send(Producer<byte[], byte[]> producer, List<Delivery> deliveries) {
        for (Delivery delivery : deliveries) {
            for (ProducerRecord<byte[], byte[]> outgoing : delivery.outbox().records()) {
                if (!failures.isEmpty()) {
                    return;
                }
                try {
                    sent.add(new Sent(delivery, outgoing, send(producer, delivery, outgoing)));
                } catch (KafkaException e) {
                    failures.add(new Failure(delivery, outgoing, new KafkaException("not sent", e)));
                    return;
                }
            }
        }
    }

    private Future<RecordMetadata> send(
            Producer<byte[], byte[]> producer, Delivery delivery, ProducerRecord<byte[], byte[]> outgoing) {
        return producer.send(outgoing, (metadata, exception) -> {
            if (exception != null) {
                failures.add(new Failure(delivery, outgoing, exception));
            }
        });
    }

    /** Waits for Kafka's answer about each of them. */
    Outcome await() throws InterruptedException {
        for (int next = 0; next < sent.size(); next++) {
            Map<Delivery, RecordRefusedException> refused = awaitOne(sent.get(next), next);
            if (!refused.isEmpty()) {
                return new Outcome.Refused(refused, true);
            }
        }
        Failure first = failures.peek();
        if (first == null) {
            return new Outcome.AllTaken();
        }
        // The first to be told is to blame: the client gives its reason for those that it drops on account of it, too.
        Optional<Failure> culprit = failures.stream()
                .filter(failure -> OF_THE_RECORD.contains(failure.reason().getClass()))
                .findFirst();
        if (culprit.isPresent()) {
            return new Outcome.Refused(refused(culprit.get()), false);
        }
        Map<Delivery, RecordRefusedException> refused =
                isTimeOut(first.reason()) ? refused(Set.of(first.topic())) : Map.of();
        return refused.isEmpty() ? new Outcome.Failed(first.reason(), blamed()) : new Outcome.Refused(refused, false);
    }

    private Set<Delivery> blamed() {
        boolean othersWereTaken =
                sent.stream().anyMatch(one -> one.acknowledgement().state() == Future.State.SUCCESS);
        return othersWereTaken
                ? failures.stream()
                        .filter(failure -> failure.reason() instanceof RetriableException)
                        .map(Failure::delivery)
                        .collect(Collectors.toSet())
                : Set.of();
    }

    /**
     * A client that has not met a topic for a while, or not its partition, waits for its metadata, and says no more than that
     * there was none in time.
     */
    private static boolean isTimeOut(Exception reason) {
        return reason instanceof org.apache.kafka.common.errors.TimeoutException;
    }

    /** Where they are, once all of them were taken. */
    List<Placed> placed() {
        return sent.stream()
                .map(one -> {
                    RecordMetadata place = one.acknowledgement().resultNow();
                    return new Placed(
                            one.delivery(),
                            one.outgoing(),
                            new TopicPartition(place.topic(), place.partition()),
                            place.hasOffset() ? place.offset() : -1);
                })
                .toList();
    }

    private Map<Delivery, RecordRefusedException> refused(Failure culprit) {
        if (!OF_THE_TOPIC.contains(culprit.reason().getClass())) {
            return Map.of(culprit.delivery(), new RecordRefusedException(culprit.topic(), culprit.reason()));
        }
        Set<String> named = culprit.reason() instanceof TopicAuthorizationException forbidden
                ? forbidden.unauthorizedTopics()
                : Set.of();
        String topic = named.isEmpty() ? culprit.topic() : named.iterator().next();
        topics.refused(topic, culprit.reason());
        RecordRefusedException refusal = new RecordRefusedException(topic, culprit.reason());
        return culprits(outgoing -> outgoing.topic().equals(topic) ? refusal : null);
    }

    /** Which deliveries have records that these topics do not take now. */
    private Map<Delivery, RecordRefusedException> refused(Set<String> suspicious) throws InterruptedException {
        return culprits(topics.see(suspicious)::refusal);
    }

    private Map<Delivery, RecordRefusedException> culprits(
            Function<ProducerRecord<byte[], byte[]>, @Nullable RecordRefusedException> refusal) {
        Map<Delivery, RecordRefusedException> culprits = new HashMap<>();
        BiConsumer<Delivery, ProducerRecord<byte[], byte[]>> look = (delivery, outgoing) -> {
            RecordRefusedException refused = refusal.apply(outgoing);
            if (refused != null) {
                culprits.put(delivery, refused);
            }
        };
        sent.forEach(one -> look.accept(one.delivery(), one.outgoing()));
        failures.forEach(failure -> look.accept(failure.delivery(), failure.outgoing()));
        return culprits;
    }

    /** Empty when it is answered; otherwise why this one, or one behind it, never will be. */
    private Map<Delivery, RecordRefusedException> awaitOne(Sent one, int index) throws InterruptedException {
        while (true) {
            try {
                one.acknowledgement().get(SUSPICIOUS.toMillis(), TimeUnit.MILLISECONDS);
                return Map.of();
            } catch (ExecutionException e) {
                // Its callback has told.
                return Map.of();
            } catch (TimeoutException e) {
                Map<Delivery, RecordRefusedException> refused = refused(waiting(index));
                if (!refused.isEmpty()) {
                    return refused;
                }
            }
        }
    }

    /** The topics of records that are not answered. */
    private Set<String> waiting(int from) {
        Set<String> waiting = new TreeSet<>();
        sent.subList(from, sent.size()).stream()
                .filter(one -> !one.acknowledgement().isDone())
                .forEach(one -> waiting.add(one.topic()));
        return waiting;
    }
}
