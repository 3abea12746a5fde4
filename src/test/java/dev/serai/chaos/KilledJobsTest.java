package dev.serai.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.batch.Job;
import dev.serai.batch.JobId;
import dev.serai.batch.JobPartitions;
import dev.serai.batch.JobRow;
import dev.serai.batch.JobRun;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUpload;
import dev.serai.batch.JobsReader;
import dev.serai.batch.SampleJobs;
import dev.serai.kafka.TopicSetup;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two replicas run a job, and the one that has it is killed again and again: each row is published once, is answered once, and
 * is counted once. {@code -Dserai.chaos.rows=N} has so many rows, {@code -Dserai.chaos.kills=N} kills so often,
 * {@code -Dserai.chaos.seed=N} at the same moments.
 */
@Tag("chaos-long")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class KilledJobsTest {
    private static final int ROWS = Integer.getInteger("serai.chaos.rows", 600);
    private static final int KILLS = Integer.getInteger("serai.chaos.kills", 3);
    private static final int CHUNK = 1_000;
    private static final JobTopics TOPICS = new JobTopics("conversation.jobs", "conversation.job-rows");
    private static final String REPLIES = "conversation.replies";

    private static final Duration PATIENCE = Replicas.PATIENCE.plusMillis(20L * ROWS);

    @TempDir
    private Path directory;

    private final String job = JobId.create(Instant.now());

    @AutoClose
    private Replicas replicas;

    private Map<String, Object> kafka;

    @BeforeEach
    void start() throws Exception {
        replicas = new Replicas(directory);
        kafka = replicas.kafka();
        new TopicSetup(kafka, true, Duration.ofSeconds(20)).ensure(TOPICS.specs(4));
    }

    @Test
    void everyRow_isPublishedAnsweredAndCountedOnce_despiteKillsOfItsOwner() throws Exception {
        Random random = new Random(replicas.seed());
        replicas.start("one");
        replicas.start("two");
        upload();
        for (int kill = 1; kill <= KILLS; kill++) {
            // Spread over the job; a few rows later the kill is at any moment of a transaction.
            long moment = (long) ROWS * kill / (KILLS + 2) + random.nextInt(20);
            JobRun run = await("row " + moment)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(this::run, known -> known != null && known.published() >= moment);
            replicas.killAndRestart(run.by());
        }
        JobRun run =
                await("end of the job").atMost(PATIENCE).until(this::run, known -> known != null && known.isOver());

        assertThat(run.state()).isEqualTo(JobRun.State.FINISHED);
        assertThat(run.missing()).isZero();
        assertThat(run.published()).isEqualTo(ROWS);
        assertThat(run.started()).as("%s", run.failed()).isEqualTo(ROWS);
        assertOnceEach(
                "conversation.start", event -> row(RunningSerai.json(event).path("event_id")));
        assertOnceEach(REPLIES, reply -> {
            JsonNode json = RunningSerai.json(reply);
            assertThat(json.path("status").asText()).isEqualTo("started");
            return json.path("repeated").asBoolean() ? 0 : row(json.path("event_id"));
        });
        replicas.stop();
        System.out.println(ROWS + " rows, " + KILLS + " kills: rooms created "
                + replicas.provider().sessionCounts().roomsCreated());
    }

    private long row(JsonNode eventId) {
        return JobId.rowNumber(job, eventId.asText()).orElseThrow();
    }

    /** What the fleet has said of the job; null if it has said nothing yet. */
    @Nullable
    private JobRun run() {
        return JobsReader.find(kafka, TOPICS.jobs(), job).map(Job::run).orElse(null);
    }

    private void assertOnceEach(String topic, ToLongFunction<ConsumerRecord<byte[], byte[]>> rowOf) {
        BitSet rows = new BitSet();
        try (TopicReader reader = new TopicReader(replicas.bootstrapServers(), topic)) {
            for (ConsumerRecord<byte[], byte[]> read : reader.all()) {
                int row = (int) rowOf.applyAsLong(read);
                if (row > 0) {
                    assertThat(rows.get(row))
                            .as("row %d twice on %s", row, topic)
                            .isFalse();
                    rows.set(row);
                }
            }
        }
        assertThat(rows.cardinality()).as(topic).isEqualTo(ROWS);
        assertThat(rows.length()).as(topic).isEqualTo(ROWS + 1);
    }

    private void upload() {
        try (JobUpload upload = JobUpload.open(kafka, TOPICS, job)) {
            upload.begin(SampleJobs.spec(job)
                    .rows(ROWS)
                    .deadlineMs(3_600_000)
                    .topics("conversation.start", REPLIES, JobPartitions.ends(kafka, REPLIES))
                    .firstRowOffset(upload.firstRowOffset(kafka))
                    .build());
            for (int first = 1; first <= ROWS; first += CHUNK) {
                int last = Math.min(ROWS, first + CHUNK - 1);
                List<JobRow> rows = new ArrayList<>();
                LongStream.rangeClosed(first, last).forEach(number -> rows.add(row(number)));
                upload.add(rows, last == ROWS, Clock.systemUTC());
            }
        }
    }

    private JobRow row(long number) {
        String event = "{\"event_id\":\"" + JobId.eventId(job, number, "")
                + "\",\"character_id\":\"c\",\"priority\":\"batch\",\"ttl_ms\":3600000}";
        return new JobRow(number, null, ("learner-" + number).getBytes(UTF_8), event.getBytes(UTF_8));
    }
}
