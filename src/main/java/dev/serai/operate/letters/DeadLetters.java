package dev.serai.operate.letters;

import dev.serai.kafka.CompactedTopicReader;
import dev.serai.kafka.CompactedTopicReader.Gap;
import dev.serai.kafka.CompactedTopicReader.Shape;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A topic of dead letters as it is now: reads what is committed of it from its beginning, as often as one likes, to the end
 * that the first reading found. For one thread.
 */
public final class DeadLetters {
    /** For a look at Kafka's answers, and for a topic that does not go on. */
    public static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, Object> kafka;
    private final String topic;
    private final Shape shape;

    /** By partition, where the first reading found them: what a replay leaves anew is none of its own. */
    private Map<Integer, Long> ends = Map.of();

    private DeadLetters(Map<String, Object> kafka, String topic, Shape shape) {
        this.kafka = kafka;
        this.topic = topic;
        this.shape = shape;
    }

    /**
     * Asks for the topic.
     *
     * @throws UnknownTopicOrPartitionException if there is none
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer, or refuses
     */
    public static DeadLetters of(Map<String, Object> kafka, String topic) {
        return of(kafka, topic, PATIENCE);
    }

    /**
     * As {@link #of(Map, String)}.
     *
     * @param limit for Kafka's answer; at least 1 ms
     */
    public static DeadLetters of(Map<String, Object> kafka, String topic, Duration limit) {
        try (var reader = new CompactedTopicReader(kafka, topic, Gap.PASS, limit)) {
            return new DeadLetters(kafka, topic, reader.shape());
        }
    }

    public String topic() {
        return topic;
    }

    /** Names this topic, and not one of the same name that was there before. */
    String topicId() {
        return shape.id().toString();
    }

    /**
     * Hands over the letters, in order within each partition, until the end or until it is to stop. The consumer may take its
     * time.
     *
     * @throws dev.serai.kafka.TopicReadException if for a minute the topic did not go on, as before a transaction of a killed
     *     producer
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer, or refuses
     */
    public void read(Consumer<Letter> action, BooleanSupplier isStopped) {
        try (var reader = new CompactedTopicReader(kafka, topic, Gap.PASS, PATIENCE)) {
            Map<Integer, Long> now =
                    reader.begin(IntStream.range(0, shape.partitions()).boxed().collect(Collectors.toSet()));
            ends = ends.isEmpty() ? now : ends;
            long standing = System.nanoTime();
            while (!reader.isAtEnd() && !isStopped.getAsBoolean()) {
                boolean[] goesOn = {false};
                reader.readMore(POLL, read -> {
                    goesOn[0] = true;
                    if (!isStopped.getAsBoolean()) {
                        take(read, action);
                    }
                });
                standing = goesOn[0] ? System.nanoTime() : standing;
                if (System.nanoTime() - standing > PATIENCE.toNanos()) {
                    throw reader.stopped();
                }
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> read, Consumer<Letter> action) {
        if (read.offset() < ends.getOrDefault(read.partition(), 0L)) {
            action.accept(Letter.of(read));
        }
    }
}
