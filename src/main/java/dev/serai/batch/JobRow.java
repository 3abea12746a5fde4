package dev.serai.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.Json;
import java.io.IOException;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A row as it stands on the topic of rows: a start event that lacks nothing but the time of its publishing. Immutable as long
 * as nobody changes the arrays.
 *
 * @param number of the row in its file, from 1 on
 * @param due when its event is to be published; null: at once
 * @param key the conversation's; null if it has none
 * @param event in JSON
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed over and never compared
public record JobRow(long number, @Nullable Instant due, byte @Nullable [] key, byte[] event) {
    private static final String JOB = "serai-job";
    private static final String NUMBER = "serai-row-number";
    private static final String DUE = "serai-due";

    ProducerRecord<byte[], byte[]> toRecord(String topic, int partition, String job) {
        var row = new ProducerRecord<>(topic, partition, key, event);
        row.headers()
                .add(JOB, job.getBytes(UTF_8))
                .add(NUMBER, Long.toString(number).getBytes(UTF_8));
        if (due != null) {
            row.headers().add(DUE, Long.toString(due.toEpochMilli()).getBytes(UTF_8));
        }
        return row;
    }

    /** The event as it is published. */
    public ProducerRecord<byte[], byte[]> toEvent(String startTopic) {
        // A time of its own, from which its deadline counts, and the partition of its key.
        return new ProducerRecord<>(startTopic, key, event);
    }

    /** How long after its opening its room is closed, in milliseconds, as the event says; null if it does not. */
    public @Nullable Long closeAfterMs() {
        try {
            JsonNode after = Json.MAPPER.readTree(event).path("close_after_ms");
            return after.isIntegralNumber() && after.canConvertToLong() ? after.longValue() : null;
        } catch (IOException e) {
            // Nor does the engine take it: no room is opened.
            return null;
        }
    }

    /**
     * Reads a row.
     *
     * @return null if it is not one of the job
     */
    public static @Nullable JobRow of(String job, ConsumerRecord<byte[], byte[]> row) {
        String number = header(row, NUMBER);
        if (!job.equals(header(row, JOB)) || number == null || row.value() == null) {
            return null;
        }
        String due = header(row, DUE);
        try {
            return new JobRow(
                    Long.parseLong(number),
                    due == null ? null : Instant.ofEpochMilli(Long.parseLong(due)),
                    row.key(),
                    row.value());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> row, String name) {
        Header header = row.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }
}
