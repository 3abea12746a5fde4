package dev.serai.batch.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.JobId;
import dev.serai.batch.JobPartitions;
import dev.serai.batch.JobSpec;
import dev.serai.kafka.Consumers;
import dev.serai.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * The answers to a job's rows: committed replies from the job's beginning on, in whichever partition. Replies to others are
 * passed over, unparsed where they do not name the job. Every method may throw what Kafka's clients do. For one thread.
 */
public final class JobReplies implements AutoCloseable {
    private static final int OFFSET_BITS = 48;

    private final JobSpec spec;
    private final Map<Integer, Long> from;
    private final byte[] mark;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, Object> kafka;
    private List<TopicPartition> partitions;

    /**
     * An answer; holds secrets.
     *
     * @param place of the reply: another number for each reply of the topic
     */
    public record Answer(int number, String eventId, ObjectNode reply, Instant at, long place) {
        /** Whether it is an answer with a room. */
        public boolean isStarted() {
            return reply.path("status").asText().equals("started");
        }

        /** Which row's: the rest holds secrets. */
        @Override
        public String toString() {
            return "Answer[" + number + "]";
        }
    }

    /**
     * Begins at the job's first answer.
     *
     * @throws UnknownTopicOrPartitionException if there is no topic of replies
     */
    public JobReplies(Map<String, Object> kafka, JobSpec spec) {
        this(kafka, spec, spec.repliesFrom());
    }

    /** @param from in place of {@link JobSpec#repliesFrom} */
    JobReplies(Map<String, Object> kafka, JobSpec spec, Map<Integer, Long> from) {
        this.kafka = Map.copyOf(kafka);
        this.from = Map.copyOf(from);
        this.spec = spec;
        mark = (spec.job() + "/").getBytes(UTF_8);
        consumer = Consumers.of(
                kafka,
                Map.of(
                        // Replies that are kept no more are gone: what is left counts.
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        8 << 20,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        100));
        try {
            partitions = consumer.partitionsFor(spec.replyTopic()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                throw new UnknownTopicOrPartitionException("there is no topic " + spec.replyTopic());
            }
            consumer.assign(partitions);
            rewind();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Goes back to where it began. */
    public void rewind() {
        partitions.forEach(this::rewind);
    }

    private void rewind(TopicPartition partition) {
        Long begin = from.get(partition.partition());
        if (begin == null) {
            consumer.seekToBeginning(List.of(partition));
        } else {
            consumer.seek(partition, begin);
        }
    }

    /** Hands over what comes within the time. */
    public void poll(Duration limit, Consumer<Answer> action) {
        for (ConsumerRecord<byte[], byte[]> next : consumer.poll(limit)) {
            Answer answer = answer(next);
            if (answer != null) {
                action.accept(answer);
            }
        }
    }

    private @Nullable Answer answer(ConsumerRecord<byte[], byte[]> next) {
        byte[] value = next.value();
        if (value == null || !names(value)) {
            return null;
        }
        ObjectNode reply;
        try {
            if (!(Json.MAPPER.readTree(value) instanceof ObjectNode object)) {
                return null;
            }
            reply = object;
        } catch (IOException e) {
            return null;
        }
        String eventId = reply.path("event_id").asText();
        Optional<Long> number = JobId.rowNumber(spec.job(), eventId).filter(row -> row >= 1 && row < Integer.MAX_VALUE);
        return number.map(row -> new Answer(
                        row.intValue(),
                        eventId,
                        reply,
                        Instant.ofEpochMilli(next.timestamp()),
                        (long) next.partition() << OFFSET_BITS | next.offset()))
                .orElse(null);
    }

    /** Whether the job's name is somewhere in it. */
    private boolean names(byte[] value) {
        for (int at = 0; at <= value.length - mark.length; at++) {
            int same = 0;
            while (same < mark.length && value[at + same] == mark[same]) {
                same++;
            }
            if (same == mark.length) {
                return true;
            }
        }
        return false;
    }

    /** Where committed replies end now, also in partitions that have been added meanwhile: these are read from here on. */
    public Map<TopicPartition, Long> ends() {
        List<TopicPartition> added = JobPartitions.ends(kafka, spec.replyTopic()).keySet().stream()
                .map(number -> new TopicPartition(spec.replyTopic(), number))
                .filter(partition -> !partitions.contains(partition))
                .toList();
        if (!added.isEmpty()) {
            partitions = Stream.concat(partitions.stream(), added.stream()).toList();
            consumer.assign(partitions);
            added.forEach(this::rewind);
        }
        return consumer.endOffsets(partitions);
    }

    /** Whether all was read up to these ends. */
    public boolean hasReached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /** Up to where all was read, by partition. */
    Map<Integer, Long> positions() {
        return partitions.stream().collect(Collectors.toMap(TopicPartition::partition, consumer::position));
    }

    @Override
    public void close() {
        Consumers.close(consumer);
    }
}
