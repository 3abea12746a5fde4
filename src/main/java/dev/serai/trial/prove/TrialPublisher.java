package dev.serai.trial.prove;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.trial.guarantee.PublishedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events at a steady rate on threads of its own, idempotent, so that none comes twice or out of order. The
 * methods are for one thread.
 */
final class TrialPublisher implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final Map<String, Instant> acknowledged = new ConcurrentHashMap<>();
    private volatile @Nullable Exception failure;
    private volatile boolean closed;
    private Thread publishing = Thread.ofVirtual().unstarted(() -> {});

    TrialPublisher(Map<String, Object> kafkaProperties, String topic) {
        Map<String, Object> properties = new HashMap<>(kafkaProperties);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        this.topic = topic;
    }

    /** Begins to publish them, when those before are sent. */
    void publish(List<PublishedEvent> events) throws InterruptedException {
        publishing.join();
        publishing = Thread.ofVirtual().name("publish-trial").start(() -> send(events));
    }

    private void send(List<PublishedEvent> events) {
        long begun = System.nanoTime();
        for (int i = 0; i < events.size() && !closed && failure == null; i++) {
            long due = begun + i * TimeUnit.SECONDS.toNanos(1) / TrialPlan.EVENTS_PER_SECOND;
            for (long left = due - System.nanoTime(); left > 0 && !closed; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            PublishedEvent event = events.get(i);
            try {
                var unused = producer.send(
                        new ProducerRecord<>(topic, event.conversation().getBytes(UTF_8), TrialEvents.value(event)),
                        (metadata, failed) -> {
                            if (failed == null) {
                                acknowledged.put(event.eventId(), Instant.now());
                            } else {
                                failure = failed;
                            }
                        });
            } catch (RuntimeException e) {
                failure = e;
            }
        }
    }

    /** Whether all that it was given is sent. */
    boolean isDone() {
        return !publishing.isAlive();
    }

    /** When Kafka had each event; goes on changing. */
    Map<String, Instant> acknowledged() {
        return Collections.unmodifiableMap(acknowledged);
    }

    /** What Kafka did not take an event for; null while it takes all. */
    @Nullable
    Exception failure() {
        return closed ? null : failure;
    }

    /** Publishes no more. */
    void stop() {
        closed = true;
    }

    @Override
    public void close() {
        stop();
        producer.close(Duration.ZERO);
    }
}
