package dev.serai.engine;

import dev.serai.testing.IdleCommitter;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a test without routes says of the topic that it reads, and of its consumers. */
final class SampleReads {
    private SampleReads() {}

    static ReadTopic of(String topic, String group) {
        return new ReadTopic("start events", topic, group, "startEvents", "conversation.camel.yaml");
    }

    /** A consumer's settings: it reads from the beginning, and commits nothing by itself. */
    static Properties consumer(Map<String, Object> kafka, String group) {
        Properties properties = new Properties();
        properties.putAll(kafka);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        return properties;
    }

    /** What a consumer works with whose records nobody commits, of the topic {@code start}. */
    static StartEventClients.Parts uncommitted(
            Assignments assignments, Arrivals arrivals, Admin admin, IntakeState intake, IntakeListener listener) {
        return new StartEventClients.Parts(
                of("start", "group"),
                assignments,
                IdleCommitter.of(assignments),
                PartitionState.NONE,
                PartitionShare.NONE,
                arrivals,
                new LogRanges(admin),
                intake,
                listener,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
    }

    /** Nobody hears of logs that are cut. */
    static final class NothingHeard implements IntakeListener {
        @Override
        public void logCut() {}

        @Override
        public void deletedUnread(long offsets) {}
    }
}
