package dev.serai.ledger;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
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
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
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
        Map<Sends.Placed, Fate> fates = new HashMap<>();
        Map<TopicPartition, TreeSet<Long>> wanted = new HashMap<>();
        for (Sends.Placed one : placed) {
            if (one.offset() < 0) {
                fates.put(one, Fate.UNKNOWN);
            } else if (topics.refusing(Set.of(one.partition().topic())) != null) {
                // Nobody has anything of it any more, nor would it be taken again.
                fates.put(one, Fate.GONE);
            } else {
                wanted.computeIfAbsent(one.partition(), ignored -> new TreeSet<>())
                        .add(one.offset());
            }
        }
        Set<String> hidden = new HashSet<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        Map<TopicPartition, Set<Long>> there = read("read_uncommitted", wanted, ends, hidden);
        Map<TopicPartition, Set<Long>> visible = read("read_committed", wanted, ends, hidden);
        for (Sends.Placed one : placed) {
            fates.computeIfAbsent(one, ignored -> {
                if (hidden.contains(one.partition().topic())) {
                    return Fate.UNKNOWN;
                }
                if (holds(visible, one)) {
                    return Fate.VISIBLE;
                }
                return holds(there, one) ? Fate.ABORTED : Fate.GONE;
            });
        }
        return fates;
    }

    private static boolean holds(Map<TopicPartition, Set<Long>> found, Sends.Placed one) {
        return found.getOrDefault(one.partition(), Set.of()).contains(one.offset());
    }

    /**
     * Which of the offsets hold records.
     *
     * @param ends of the logs; filled in if they are not known yet
     * @param hidden topics that may not be read; added to
     */
    private Map<TopicPartition, Set<Long>> read(
            String isolation,
            Map<TopicPartition, TreeSet<Long>> wanted,
            Map<TopicPartition, Long> ends,
            Set<String> hidden) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            while (true) {
                Map<TopicPartition, TreeSet<Long>> readable = wanted.entrySet().stream()
                        .filter(entry -> !hidden.contains(entry.getKey().topic()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
                if (readable.isEmpty()) {
                    return Map.of();
                }
                try {
                    return read(consumer, readable, ends);
                } catch (TopicAuthorizationException e) {
                    if (!hidden.addAll(e.unauthorizedTopics())) {
                        throw e;
                    }
                }
            }
        }
    }

    private static Map<TopicPartition, Set<Long>> read(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, TreeSet<Long>> wanted,
            Map<TopicPartition, Long> ends) {
        consumer.assign(wanted.keySet());
        if (ends.isEmpty()) {
            ends.putAll(consumer.endOffsets(wanted.keySet(), PATIENCE));
        }
        wanted.forEach((partition, offsets) -> consumer.seek(partition, offsets.first()));
        Map<TopicPartition, Set<Long>> found = new HashMap<>();
        Set<TopicPartition> left = new HashSet<>(wanted.keySet());
        Function<TopicPartition, Long> until =
                partition -> Math.min(wanted.get(partition).last() + 1, ends.getOrDefault(partition, Long.MAX_VALUE));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            left.removeIf(partition -> consumer.position(partition, PATIENCE) >= until.apply(partition));
            if (left.isEmpty()) {
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("what became of records on " + left + " is not decided yet");
            }
            consumer.poll(POLL).forEach(next -> {
                TopicPartition partition = new TopicPartition(next.topic(), next.partition());
                if (wanted.get(partition).contains(next.offset())) {
                    found.computeIfAbsent(partition, ignored -> new HashSet<>()).add(next.offset());
                }
            });
        }
    }
}
