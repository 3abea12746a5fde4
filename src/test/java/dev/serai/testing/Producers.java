package dev.serai.testing;

import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Producers of bytes with Kafka's defaults, which their owners close. */
public final class Producers {
    private Producers() {}

    public static KafkaProducer<byte[], byte[]> plain(String bootstrapServers) {
        return with(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** Each record is sent when it comes, without waiting for others. */
    public static KafkaProducer<byte[], byte[]> atOnce(String bootstrapServers) {
        return with(Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0));
    }

    /** Its transactions have not been begun, nor have they been initialized. */
    public static KafkaProducer<byte[], byte[]> transactional(String bootstrapServers, String transactionalId) {
        return with(Map.of("bootstrap.servers", bootstrapServers, "transactional.id", transactionalId));
    }

    /** With these settings besides the defaults. */
    public static KafkaProducer<byte[], byte[]> with(Map<String, Object> settings) {
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
