package dev.serai.engine;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Finds out what became of records in transactions, by looking at their places in the logs: once with what is aborted, and
 * once without. For one thread.
 */
final class Visibility {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Map<String, Object> properties = new HashMap<>();
    private final OutgoingTopics topics;

    /** What became of a record. */
    enum Fate {
        /** It is there for everybody. */
        VISIBLE,
        /** It is in the log, and its transaction was aborted. */
        ABORTED,
        /** It is not in the log: deleted, compacted away or cut off. */
        GONE,
        /** This client may not READ the topic, or Kafka has not told where the record is. */
        UNKNOWN
    }

    /** @param kafkaProperties of any client */
    Visibility(Map<String, Object> kafkaProperties, OutgoingTopics topics) {
        properties.putAll(kafkaProperties);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "serai-visibility");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        this.topics = topics;
    }

    /**
     * What became of each of them.
     *
     * @throws KafkaException if that is not decided, or Kafka does not answer, within some seconds
     */
    Map<Sends.Placed, Fate> look(Collection<Sends.Placed> placed) throws InterruptedException {
        Map<TopicPartition, Set<Long>> wanted = new HashMap<>();
        placed.stream().filter(one -> one.offset() >= 0).forEach(one -> wanted.computeIfAbsent(
                        one.partition(), ignored -> new HashSet<>())
                .add(one.offset()));
        OutgoingTopics.Seen seen = topics.see(topics(wanted));
        // Of a topic or a partition that is gone nobody has anything any more, nor would it be taken again.
        wanted.keySet().removeIf(seen::refuses);
        Set<String> hidden = new HashSet<>();
        Map<TopicPartition, Set<Long>> there = read("read_uncommitted", wanted, hidden);
        Map<TopicPartition, Set<Long>> visible = read("read_committed", there, hidden);
        return placed.stream().distinct().collect(Collectors.toMap(one -> one, one -> {
            String topic = one.partition().topic();
            if (one.offset() < 0 || hidden.contains(topic)) {
                return Fate.UNKNOWN;
            }
            if (!holds(there, one)) {
                return Fate.GONE;
            }
            return holds(visible, one) ? Fate.VISIBLE : Fate.ABORTED;
        }));
    }

    private static Set<String> topics(Map<TopicPartition, ?> partitions) {
        return partitions.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
    }

    private static boolean holds(Map<TopicPartition, Set<Long>> found, Sends.Placed one) {
        return found.getOrDefault(one.partition(), Set.of()).contains(one.offset());
    }

    /**
     * Which of the offsets hold records.
     *
     * @param hidden topics that may not be read; added to
     */
    private Map<TopicPartition, Set<Long>> read(
            String isolation, Map<TopicPartition, Set<Long>> wanted, Set<String> hidden) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            while (true) {
                Map<TopicPartition, Set<Long>> readable = wanted.entrySet().stream()
                        .filter(entry -> !hidden.contains(entry.getKey().topic()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
                if (readable.isEmpty()) {
                    return Map.of();
                }
                try {
                    return read(consumer, readable, isolation.equals("read_uncommitted"));
                } catch (TopicAuthorizationException e) {
                    if (!hidden.addAll(e.unauthorizedTopics())) {
                        throw e;
                    }
                }
            }
        }
    }

    /** @param uncommitted whether the log is at its end where nothing more comes, and does not wait for transactions */
    private static Map<TopicPartition, Set<Long>> read(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Set<Long>> wanted, boolean uncommitted) {
        consumer.assign(wanted.keySet());
        wanted.forEach((partition, offsets) -> consumer.seek(partition, Collections.min(offsets)));
        Map<TopicPartition, Long> last = wanted.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> Collections.max(entry.getValue())));
        Map<TopicPartition, Set<Long>> found = new HashMap<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            last.entrySet().removeIf(entry -> consumer.position(entry.getKey(), PATIENCE) > entry.getValue());
            if (!last.isEmpty() && System.nanoTime() > deadline) {
                if (!uncommitted || !atEnd(consumer, last.keySet())) {
                    throw new TimeoutException("what became of records on " + last.keySet() + " is not decided yet");
                }
                // The log was cut below.
                last.clear();
            }
            if (last.isEmpty()) {
                return found;
            }
            consumer.poll(POLL).forEach(next -> {
                TopicPartition partition = new TopicPartition(next.topic(), next.partition());
                if (wanted.getOrDefault(partition, Set.of()).contains(next.offset())) {
                    found.computeIfAbsent(partition, ignored -> new HashSet<>()).add(next.offset());
                }
            });
        }
    }

    private static boolean atEnd(KafkaConsumer<?, ?> consumer, Set<TopicPartition> partitions) {
        return consumer.endOffsets(partitions, PATIENCE).entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey(), PATIENCE) >= end.getValue());
    }
}
