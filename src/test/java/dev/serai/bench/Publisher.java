package dev.serai.bench;

import dev.serai.testing.Pace;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes start events. */
final class Publisher implements AutoCloseable {
    private final KafkaProducer<String, byte[]> producer;
    private final Events events;

    /** @param lingerMillis how long an event may wait for others to be sent with */
    Publisher(String bootstrapServers, Events events, int lingerMillis) {
        this.events = events;
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.LINGER_MS_CONFIG,
                        lingerMillis),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Gets to know the topic and its brokers, so that the first event does not wait for that. */
    void connect(String topic) {
        producer.partitionsFor(topic);
    }

    /** Sends an event on its way. */
    Future<?> publish(String topic, int number) {
        return producer.send(new ProducerRecord<>(topic, events.key(number), events.value(number)));
    }

    /** Publishes the first events as fast as it goes, and waits until Kafka has them all. */
    void publishFirst(String topic, int count) throws InterruptedException {
        publish(topic, 0, count, () -> {});
    }

    /** The same for events from {@code first} on, at a steady pace, whether or not anybody keeps up with it. */
    void publishPaced(String topic, int first, int count, int perSecond) throws InterruptedException {
        publish(topic, first, count, Pace.perSecond(perSecond)::awaitTurn);
    }

    private void publish(String topic, int first, int count, Runnable beforeEach) throws InterruptedException {
        Future<?>[] sent = new Future<?>[count];
        for (int i = 0; i < count; i++) {
            beforeEach.run();
            if (Thread.interrupted()) {
                throw new InterruptedException("after " + i + " of " + count + " events");
            }
            sent[i] = publish(topic, first + i);
        }
        try {
            for (Future<?> each : sent) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new BenchFailure("the events could not be published", e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
