package dev.serai.batch.run;

import dev.serai.batch.JobPartitions;
import dev.serai.batch.JobRow;
import dev.serai.kafka.Consumers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of one job, in their order, from where they are to be read on; holds one poll's worth of them. Every method may throw
 * what Kafka's clients do. For one thread.
 */
final class RowsReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RowsReader.class);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int MOST_BYTES = 1 << 20;

    /** Longer than the transaction of a killed process, which holds rows back, and than an answer of Kafka. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(20);

    private final Map<String, Object> kafka;
    private final String job;
    private final Duration longestSilence;
    private final TopicPartition place;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Deque<Row> read = new ArrayDeque<>();
    private boolean gone;
    private long cameFurtherAt = System.nanoTime();

    /** A row, and where it is. */
    record Row(JobRow row, long offset) {}

    RowsReader(Map<String, Object> kafka, String topic, int partition, String job, long from) {
        this(kafka, topic, partition, job, from, LONGEST_SILENCE);
    }

    RowsReader(Map<String, Object> kafka, String topic, int partition, String job, long from, Duration longestSilence) {
        this.kafka = kafka;
        this.longestSilence = longestSilence;
        this.job = job;
        place = new TopicPartition(topic, partition);
        consumer = Consumers.of(
                kafka,
                Map.of(
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        Replica.ANSWER_MILLIS));
        consumer.assign(List.of(place));
        consumer.seek(place, from);
    }

    /**
     * The next row; null if it has not come yet, or there is none.
     *
     * @param lastOffset where the last row is that was uploaded
     */
    @Nullable
    JobRow next(long lastOffset) {
        if (read.isEmpty() && !isPast(lastOffset)) {
            poll(lastOffset);
        } else {
            cameFurtherAt = System.nanoTime();
        }
        Row first = read.peek();
        return first == null ? null : first.row();
    }

    /** Whether there is no row up to there that was not taken. */
    boolean isPast(long lastOffset) {
        return read.isEmpty() && (gone || consumer.position(place) > lastOffset);
    }

    private void poll(long lastOffset) {
        long before = consumer.position(place);
        try {
            for (ConsumerRecord<byte[], byte[]> next : consumer.poll(POLL)) {
                JobRow row = JobRow.of(job, next);
                if (row != null) {
                    read.add(new Row(row, next.offset()));
                }
            }
        } catch (OffsetOutOfRangeException e) {
            goOn(before);
        }
        if (gone || consumer.position(place) > before) {
            cameFurtherAt = System.nanoTime();
        } else if (System.nanoTime() - cameFurtherAt > longestSilence.toNanos()) {
            long end = JobPartitions.ends(kafka, place.topic()).getOrDefault(place.partition(), 0L);
            if (end > lastOffset) {
                throw new KafkaException("no rows come from " + place + ", where they are up to offset " + lastOffset
                        + ": see that no transaction hangs there before offset " + before);
            }
            miss(end);
        }
    }

    /** With what is left after some were deleted. */
    private void goOn(long from) {
        long begin = consumer.beginningOffsets(List.of(place)).getOrDefault(place, 0L);
        if (begin > from) {
            LOG.warn(
                    "Job {}: its rows from offset {} of {} on were deleted before they were published, up to offset {}:"
                            + " they are counted as missing",
                    job,
                    from,
                    place,
                    begin);
            consumer.seek(place, begin);
        } else {
            miss(from);
        }
    }

    /** The topic was made anew, or its log was cut. */
    private void miss(long end) {
        LOG.warn(
                "Job {}: {} has no rows from offset {} on any more: those that were not published are counted as"
                        + " missing",
                job,
                place,
                end);
        gone = true;
    }

    /**
     * Takes the next rows that are due, one at least.
     *
     * @param most of them
     */
    List<Row> take(int most, Instant now) {
        List<Row> taken = new ArrayList<>();
        long bytes = 0;
        for (Row next = read.peek(); next != null && taken.size() < most; next = read.peek()) {
            bytes += next.row().event().length;
            boolean due = next.row().due() == null || !next.row().due().isAfter(now);
            if (!taken.isEmpty() && (!due || bytes > MOST_BYTES)) {
                break;
            }
            taken.add(read.remove());
        }
        return taken;
    }

    @Override
    public void close() {
        Consumers.close(consumer);
    }
}
