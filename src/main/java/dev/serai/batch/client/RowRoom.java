package dev.serai.batch.client;

import dev.serai.batch.JobRow;
import dev.serai.batch.JobTopics;
import dev.serai.batch.file.PreparedRows;
import dev.serai.kafka.TopicSetup;
import dev.serai.loop.UnusableFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Whether the topics of a job take its rows, which Kafka would else refuse in the middle of the job. Stateless. */
public final class RowRoom {
    private static final Duration ANSWER = Duration.ofSeconds(20);

    /** What Kafka counts with a record's key and value: its headers, its own fields, and those of its batch; at most. */
    private static final int BESIDE_BYTES = 256;

    private RowRoom() {}

    /**
     * That each row fits. Nothing is known, and nothing refused, where Kafka does not let this client ask, and where its
     * producers compress what they write.
     *
     * @param kafka for all clients
     * @param startTopic where the rows go from their topic
     * @throws UnusableFileException which names the first row that does not
     */
    public static void require(
            Path file, PreparedRows rows, Map<String, Object> kafka, JobTopics topics, String startTopic)
            throws IOException, InterruptedException, UnusableFileException {
        Object compression = kafka.get(ProducerConfig.COMPRESSION_TYPE_CONFIG);
        if (compression != null && !compression.equals("none")) {
            return;
        }
        TopicSetup setup = new TopicSetup(kafka, false, ANSWER);
        for (String topic : List.of(topics.rows(), startTopic)) {
            OptionalInt limit = setup.maxMessageBytes(topic);
            if (limit.isPresent()) {
                require(file, rows, topic, limit.getAsInt());
            }
        }
    }

    private static void require(Path file, PreparedRows rows, String topic, int limit)
            throws IOException, UnusableFileException {
        if (rows.largest() + BESIDE_BYTES <= limit) {
            return;
        }
        for (Iterator<JobRow> each = rows.from(0).iterator(); each.hasNext(); ) {
            JobRow row = each.next();
            long bytes = PreparedRows.bytes(row.key(), row.event()) + BESIDE_BYTES;
            if (bytes > limit) {
                throw new UnusableFileException(
                        file,
                        rows.lines().line((int) row.number()),
                        "must be smaller: as an event it has up to " + bytes + " bytes, and topic " + topic
                                + " takes none of more than " + limit + ", its max.message.bytes");
            }
        }
    }
}
