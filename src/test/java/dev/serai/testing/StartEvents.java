package dev.serai.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Publishes start events for services that run as processes of their own. */
public final class StartEvents {
    private StartEvents() {}

    /** Returns when Kafka has it. */
    public static RecordMetadata publish(String bootstrapServers, String topic, String key, String event)
            throws InterruptedException, ExecutionException {
        return publish(bootstrapServers, new ProducerRecord<>(topic, key.getBytes(UTF_8), event.getBytes(UTF_8)));
    }

    /** Returns when Kafka has it. */
    public static RecordMetadata publish(String bootstrapServers, ProducerRecord<byte[], byte[]> event)
            throws InterruptedException, ExecutionException {
        try (var producer = Producers.plain(bootstrapServers)) {
            return producer.send(event).get();
        }
    }
}
