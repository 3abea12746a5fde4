package dev.serai.operate.explain;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Where a record is. */
public record Position(String topic, int partition, long offset) {
    private static final Pattern WRITTEN = Pattern.compile("(.{1,249})-(\\d{1,9})[-@](\\d{1,18})");

    static Position of(ConsumerRecord<byte[], byte[]> read) {
        return new Position(read.topic(), read.partition(), read.offset());
    }

    /** One that is written with a hyphen or an at sign before the offset; empty if it is none. */
    public static Optional<Position> parse(String written) {
        Matcher parts = WRITTEN.matcher(written);
        return parts.matches()
                ? Optional.of(
                        new Position(parts.group(1), Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3))))
                : Optional.empty();
    }

    TopicPartition topicPartition() {
        return new TopicPartition(topic, partition);
    }

    /** As people, and services, write it: {@code topic-partition@offset}. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
