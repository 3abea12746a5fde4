package dev.serai.cli;

import dev.serai.kafka.Consumers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the replies that come from its opening on, in whichever partition: open it before what is to be answered is
 * published. Committed replies only, and as a member of no group. For one thread.
 */
final class ReplyReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;

    private ReplyReader(String topic, KafkaConsumer<byte[], byte[]> consumer) {
        this.topic = topic;
        this.consumer = consumer;
    }

    /**
     * Begins at the topic's end.
     *
     * @param startTopic must be there, too: what is published on one that is not would be answered by nobody
     * @throws IOException with a message for the user, if one of the topics is not there, or cannot be read
     */
    static ReplyReader open(Map<String, Object> kafka, String startTopic, String replyTopic) throws IOException {
        KafkaConsumer<byte[], byte[]> consumer = Consumers.of(kafka, Map.of());
        String asked = startTopic;
        try {
            partitions(consumer, startTopic);
            asked = replyTopic;
            List<TopicPartition> partitions = partitions(consumer, replyTopic);
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            // The seek takes effect with the position that is asked for.
            partitions.forEach(consumer::position);
            return new ReplyReader(replyTopic, consumer);
        } catch (KafkaException e) {
            Consumers.close(consumer);
            throw KafkaRefusedException.because("the topic " + asked + " cannot be used", e);
        } catch (IOException | RuntimeException e) {
            Consumers.close(consumer);
            throw e;
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic)
            throws IOException {
        var found = consumer.partitionsFor(topic);
        if (found == null || found.isEmpty()) {
            throw new IOException(
                    "there is no topic " + topic
                            + ": is that the Kafka and the name that the service uses? A service creates its topics when it starts");
        }
        return found.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    /**
     * As many replies as are wanted, or those that came in time.
     *
     * @param isWanted of which replies
     * @param isOver whether nobody waits any more
     * @throws IOException with a message for the user, if they cannot be read
     */
    List<ReceivedReply> await(Predicate<ReceivedReply> isWanted, int count, Duration limit, BooleanSupplier isOver)
            throws IOException {
        List<ReceivedReply> found = new ArrayList<>();
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (found.size() < count && System.nanoTime() < deadline && !isOver.getAsBoolean()) {
                for (ConsumerRecord<byte[], byte[]> next : consumer.poll(POLL)) {
                    ReceivedReply reply = new ReceivedReply(next);
                    if (isWanted.test(reply)) {
                        found.add(reply);
                    }
                }
            }
            return found;
        } catch (KafkaException e) {
            throw KafkaRefusedException.because("the replies on " + topic + " cannot be read", e);
        }
    }

    @Override
    public void close() {
        Consumers.close(consumer);
    }
}
