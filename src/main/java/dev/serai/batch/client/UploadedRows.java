package dev.serai.batch.client;

import dev.serai.batch.Job;
import dev.serai.batch.JobRow;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobsReader;
import dev.serai.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The rows of a job as they are on their topic. Stateless. */
public final class UploadedRows {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private UploadedRows() {}

    /**
     * A row.
     *
     * @param turn which of the rows it is in the order of their opening, from 0 on
     */
    record Uploaded(int turn, JobRow row) {
        int number() {
            return (int) row.number();
        }

        String eventId() {
            return UploadedRows.eventId(row);
        }
    }

    /**
     * Until a room is closed because its event says so, the longest of all rows that are uploaded.
     *
     * @throws KafkaException if Kafka does not answer, or refuses
     */
    public static Duration longestRoom(Map<String, Object> kafka, JobTopics topics, String job) {
        long[] longest = {0};
        JobsReader.find(kafka, topics.jobs(), job)
                .ifPresent(known -> read(kafka, topics, known, uploaded -> {
                    Long closeAfterMs = uploaded.row().closeAfterMs();
                    longest[0] = Math.max(longest[0], closeAfterMs == null ? 0 : closeAfterMs);
                }));
        return Duration.ofMillis(longest[0]);
    }

    /**
     * Reads them.
     *
     * @throws KafkaException if Kafka does not answer, or refuses
     */
    static void read(Map<String, Object> kafka, JobTopics topics, Job job, Consumer<Uploaded> action) {
        JobSpec spec = job.spec();
        if (job.uploaded() == null || job.uploaded().rows() == 0) {
            return;
        }
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            int partitions = consumer.partitionsFor(topics.jobs()).size();
            TopicPartition partition = new TopicPartition(topics.rows(), JobTopics.partition(spec.job(), partitions));
            consumer.assign(List.of(partition));
            consumer.seek(partition, spec.firstRowOffset());
            long end = System.nanoTime() + PATIENCE.toNanos();
            int turn = 0;
            while (consumer.position(partition) <= job.uploaded().lastOffset()) {
                if (System.nanoTime() > end) {
                    throw new TimeoutException(topics.rows() + " was not read within " + PATIENCE.toSeconds() + " s");
                }
                for (ConsumerRecord<byte[], byte[]> next : consumer.poll(POLL)) {
                    JobRow row = JobRow.of(spec.job(), next);
                    if (row != null) {
                        action.accept(new Uploaded(turn++, row));
                    }
                }
            }
        }
    }

    static String eventId(JobRow row) {
        try {
            return Json.MAPPER.readTree(row.event()).path("event_id").asText();
        } catch (IOException e) {
            throw new KafkaException("row " + row.number() + " of a job is no event", e);
        }
    }
}
