package dev.serai.bench;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The Kafka clients of the contenders that make their own, with Kafka's defaults where there is no reason for others.
 * Keys are texts: Parallel Consumer tells keys apart by {@code equals}, which no two arrays of bytes are.
 */
final class KafkaClients {
    private KafkaClients() {}

    /** A new group begins with what is waiting; offsets are committed by whoever knows what is done. */
    static KafkaConsumer<String, byte[]> consumer(ContenderTask task) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        task.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        task.group(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    static KafkaProducer<String, byte[]> producer(ContenderTask task) {
        return new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, task.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
    }
}
