package dev.serai.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Consumers in no group, of what is committed, which commit nothing themselves and create no topic. Stateless. */
public final class Consumers {
    private static final int FETCH_BYTES = 4 << 20;
    private static final int PARTITION_FETCH_BYTES = 1 << 20;
    private static final int POLL_RECORDS = 500;

    private Consumers() {}

    /**
     * Opens one.
     *
     * @param kafka {@code bootstrap.servers} at least; a group that it names is not joined
     * @param own settings of this one, which go before all others
     */
    public static KafkaConsumer<byte[], byte[]> of(Map<String, Object> kafka, Map<String, ?> own) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        settings.putAll(own);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Does not wait for an answer that is on its way. */
    public static void close(KafkaConsumer<?, ?> consumer) {
        close(consumer, Duration.ZERO);
    }

    /** Waits so long at most; closes on a thread that is interrupted, too, which stays so. */
    public static void close(KafkaConsumer<?, ?> consumer, Duration patience) {
        // Kafka's clients do not close in full on a thread that is interrupted, and call that an error.
        boolean interrupted = Thread.interrupted();
        try {
            consumer.close(CloseOptions.timeout(patience));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
