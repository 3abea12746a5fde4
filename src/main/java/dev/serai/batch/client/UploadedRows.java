package dev.serai.batch.client;

import dev.serai.batch.JobRow;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUploaded;
import dev.serai.batch.JobsReader;
import dev.serai.batch.JobsReader.Located;
import dev.serai.kafka.Consumers;
import dev.serai.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** The rows of a job as they are on their topic. Stateless. */
public final class UploadedRows {
    private static final Duration POLL = Duration.ofMillis(200);

    /** In which no row comes. */
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
        read(kafka, topics, job, uploaded -> {
            Long closeAfterMs = uploaded.row().closeAfterMs();
            longest[0] = Math.max(longest[0], closeAfterMs == null ? 0 : closeAfterMs);
        });
        return Duration.ofMillis(longest[0]);
    }

    /**
     * Reads them; none if the job is not, or no more, there.
     *
     * @throws KafkaException if Kafka does not answer, or refuses
     */
    static void read(Map<String, Object> kafka, JobTopics topics, String job, Consumer<Uploaded> action) {
        read(kafka, topics, job, System::nanoTime, action);
    }

    /** @param nanos a clock as {@link System#nanoTime} */
    static void read(
            Map<String, Object> kafka, JobTopics topics, String job, LongSupplier nanos, Consumer<Uploaded> action) {
        Located located = JobsReader.locate(kafka, topics.jobs(), job).orElse(null);
        JobUploaded uploaded = located == null ? null : located.job().uploaded();
        if (located == null || uploaded == null || uploaded.rows() == 0) {
            return;
        }
        JobSpec spec = located.job().spec();
        KafkaConsumer<byte[], byte[]> consumer =
                Consumers.of(kafka, Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));
        try {
            TopicPartition partition = new TopicPartition(topics.rows(), located.partition());
            consumer.assign(List.of(partition));
            consumer.seek(partition, spec.firstRowOffset());
            long cameFurtherAt = nanos.getAsLong();
            long position = consumer.position(partition);
            int turn = 0;
            while (position <= uploaded.lastOffset()) {
                if (nanos.getAsLong() - cameFurtherAt > PATIENCE.toNanos()) {
                    throw new TimeoutException("no rows came from " + partition + " for " + PATIENCE.toSeconds()
                            + " s, where they are up to offset "
                            + uploaded.lastOffset());
                }
                for (ConsumerRecord<byte[], byte[]> next : consumer.poll(POLL)) {
                    JobRow row = JobRow.of(job, next);
                    if (row != null) {
                        action.accept(new Uploaded(turn++, row));
                    }
                }
                long now = consumer.position(partition);
                if (now != position) {
                    position = now;
                    cameFurtherAt = nanos.getAsLong();
                }
            }
        } finally {
            Consumers.close(consumer);
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
