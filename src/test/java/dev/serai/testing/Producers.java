package dev.serai.testing;

import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Producers of bytes with Kafka's defaults, which their owners close. */
public final class Producers {
    private Producers() {}

    public static KafkaProducer<byte[], byte[]> plain(String bootstrapServers) {
        return of(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** Its transactions have not been begun, nor have they been initialized. */
    public static KafkaProducer<byte[], byte[]> transactional(String bootstrapServers, String transactionalId) {
        return of(Map.of("bootstrap.servers", bootstrapServers, "transactional.id", transactionalId));
    }

    private static KafkaProducer<byte[], byte[]> of(Map<String, Object> settings) {
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
