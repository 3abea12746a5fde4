package dev.serai.batch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.kafka.Consumers;
import dev.serai.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers to one job's rows: committed replies, in whichever partition. Replies to others, which are most of the topic, are
 * passed over unparsed. Answers that are kept no more are passed over, too. Partitions that are added meanwhile are read from
 * their beginning.
 *
 * <p>Every method may throw what Kafka's clients do. For one thread, but for {@link #wakeUp}.
 */
public final class JobAnswers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobAnswers.class);
    private static final int OFFSET_BITS = 48;
    private static final int FETCH_BYTES = 8 << 20;
    private static final int FETCH_WAIT_MILLIS = 100;
    private static final int KAFKA_ANSWER_MILLIS = 15_000;
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(30);

    private final Map<String, Object> kafka;
    private final String topic;
    private final String job;
    private final Map<Integer, Long> from;
    private final String mark;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<Integer, Long> positions = new HashMap<>();
    private long lookedAt;

    /**
     * What a row was answered; holds secrets.
     *
     * @param row its number, from 1 on
     * @param at when the reply was written to Kafka
     * @param place of the reply: another number for each reply of the topic
     */
    public record Answer(int row, String eventId, ObjectNode reply, Instant at, long place) {
        /** Whether it is an answer with a room. */
        public boolean isStarted() {
            return reply.path("status").asText().equals("started");
        }

        /** Why there is no room; null if there is one. */
        public @Nullable String category() {
            return isStarted() ? null : reply.path("error").path("category").asText("other");
        }

        /** When it was answered: when the room was opened, if there is one. */
        public Instant issuedAt() {
            try {
                return Instant.parse(reply.path("issued_at").asText());
            } catch (DateTimeParseException e) {
                return at;
            }
        }

        /** Which row's: the rest holds secrets. */
        @Override
        public String toString() {
            return "Answer[" + row + "]";
        }
    }

    /**
     * Of the job's rows, from where they are to be read on.
     *
     * @param topic of the replies
     * @param from what is read next, by partition; of one that is not named, all
     * @throws UnknownTopicOrPartitionException if there is no such topic
     */
    public JobAnswers(Map<String, Object> kafka, String topic, String job, Map<Integer, Long> from) {
        this.kafka = Map.copyOf(kafka);
        this.topic = topic;
        this.job = job;
        this.from = Map.copyOf(from);
        // As the id of each of its events begins, in JSON.
        mark = "\"" + job + "/";
        consumer = Consumers.of(
                kafka,
                Map.of(
                        // Replies that are kept no more are gone: what is left counts.
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        FETCH_BYTES,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        FETCH_WAIT_MILLIS,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        KAFKA_ANSWER_MILLIS));
        try {
            look();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void look() {
        Set<TopicPartition> there = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .collect(Collectors.toSet());
        if (there.isEmpty()) {
            throw new UnknownTopicOrPartitionException("there is no topic " + topic);
        }
        add(there);
        lookedAt = System.nanoTime();
    }

    private void add(Set<TopicPartition> partitions) {
        Set<TopicPartition> assigned = consumer.assignment();
        List<TopicPartition> added = partitions.stream()
                .filter(partition -> !assigned.contains(partition))
                .toList();
        if (!added.isEmpty()) {
            consumer.assign(Stream.concat(assigned.stream(), added.stream()).toList());
            added.forEach(this::rewind);
        }
    }

    /** Goes back to where it began. */
    public void rewind() {
        consumer.assignment().forEach(this::rewind);
    }

    private void rewind(TopicPartition partition) {
        long begin = from.getOrDefault(partition.partition(), 0L);
        consumer.seek(partition, begin);
        positions.put(partition.partition(), begin);
    }

    /** Hands over what comes within the time. */
    public void poll(Duration limit, Consumer<Answer> action) {
        if (System.nanoTime() - lookedAt > LOOK_INTERVAL.toNanos()) {
            look();
        }
        ConsumerRecords<byte[], byte[]> replies = consumer.poll(limit);
        for (ConsumerRecord<byte[], byte[]> reply : replies) {
            answer(reply).ifPresent(action);
        }
        replies.nextOffsets().forEach((partition, next) -> positions.put(partition.partition(), next.offset()));
    }

    private Optional<Answer> answer(ConsumerRecord<byte[], byte[]> next) {
        if (next.value() == null || !new String(next.value(), ISO_8859_1).contains(mark)) {
            return Optional.empty();
        }
        ObjectNode reply;
        try {
            if (!(Json.MAPPER.readTree(next.value()) instanceof ObjectNode object)) {
                return Optional.empty();
            }
            reply = object;
        } catch (IOException e) {
            // Somebody else's: the fleet's own are in JSON.
            LOG.debug("a reply at {} cannot be read", next.offset(), e);
            return Optional.empty();
        }
        String eventId = reply.path("event_id").asText();
        return JobId.rowNumber(job, eventId)
                .filter(row -> row >= 1 && row < Integer.MAX_VALUE)
                .map(row -> new Answer(
                        row.intValue(),
                        eventId,
                        reply,
                        Instant.ofEpochMilli(next.timestamp()),
                        (long) next.partition() << OFFSET_BITS | next.offset()));
    }

    /** Where replies end now, decided or not, also in partitions that have been added meanwhile, which are read from now on. */
    public Map<TopicPartition, Long> ends() {
        Map<TopicPartition, Long> ends = JobPartitions.ends(kafka, topic).entrySet().stream()
                .collect(Collectors.toMap(end -> new TopicPartition(topic, end.getKey()), Map.Entry::getValue));
        add(ends.keySet());
        return ends;
    }

    /** Where committed replies end now: before those of a transaction that is under way; else as {@link #ends}. */
    public Map<TopicPartition, Long> committedEnds() {
        return consumer.endOffsets(ends().keySet());
    }

    /** Whether all was read up to these ends. */
    public boolean hasReached(Map<TopicPartition, Long> ends) {
        // Not what the last record says: what was deleted, or aborted, is passed without one.
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /** What is read next, by partition; asks nobody. */
    public Map<Integer, Long> positions() {
        return Map.copyOf(positions);
    }

    /** Ends a poll, or the next one, with {@link org.apache.kafka.common.errors.WakeupException}; from any thread. */
    public void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        Consumers.close(consumer);
    }
}
