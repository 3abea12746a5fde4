package dev.serai.batch.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.batch.Job;
import dev.serai.batch.JobId;
import dev.serai.batch.JobRow;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUpload;
import dev.serai.batch.JobUploaded;
import dev.serai.batch.JobsReader;
import dev.serai.batch.SampleJobs;
import dev.serai.batch.file.PreparedRows;
import dev.serai.batch.file.SampleOptions;
import dev.serai.kafka.TopicSetup;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.TopicReader;
import dev.serai.trial.broker.EmbeddedBroker;
import dev.serai.wire.event.SampleRules;
import dev.serai.wire.event.StartEventDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kafka goes away when a part of the rows is uploaded. */
@BesideOthers
@LeftToCi
@Order(BesideOthers.LONG)
@Timeout(120)
class PatientUploadTest {
    private static final int ROWS = 3_500;
    private static final JobTopics TOPICS = new JobTopics("jobs", "rows");

    private final String job = JobId.create(Instant.now());
    private final List<String> waited = new ArrayList<>();
    private final AtomicBoolean stopped = new AtomicBoolean();

    @TempDir
    private Path directory;

    private EmbeddedBroker broker;
    private Map<String, Object> kafka;

    @BeforeEach
    void start() throws InterruptedException {
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        new TopicSetup(kafka, true, Duration.ofSeconds(20)).ensure(TOPICS.specs(1));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private void restart() {
        broker = EmbeddedBroker.start(directory.resolve("broker"), broker.port());
    }

    /** Kafka is away after the first thousand rows, until that is done which answers the news of it. */
    private boolean upload(Runnable onOutage) throws Exception {
        try (PreparedRows rows = rows();
                JobUpload first = JobUpload.open(kafka, TOPICS, job)) {
            first.begin(spec(rows));
            return new PatientUpload(
                            rows,
                            () -> JobUpload.open(kafka, TOPICS, job),
                            Clock.systemUTC(),
                            stopped::get,
                            new PatientUpload.Listener() {
                                private boolean wasAway;

                                @Override
                                public void uploaded(long uploaded) {
                                    if (!wasAway) {
                                        wasAway = true;
                                        broker.close();
                                    }
                                }

                                @Override
                                public void waits(String why) {
                                    waited.add(why);
                                    onOutage.run();
                                }
                            })
                    .of(first);
        }
    }

    @Test
    void rowsThatKafkaDidNotTake_areUploadedAfterTheOutage_eachOnce() throws Exception {
        assertThat(upload(this::restart)).isTrue();

        assertThat(waited).hasSize(1);
        JobUploaded uploaded = uploaded();
        assertThat(uploaded.rows()).isEqualTo(ROWS);
        assertThat(uploaded.complete()).isTrue();
        try (TopicReader reader = new TopicReader(broker.bootstrapServers(), TOPICS.rows())) {
            assertThat(reader.all())
                    .extracting(record ->
                            Objects.requireNonNull(JobRow.of(job, record)).number())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, ROWS).boxed().toList());
        }
    }

    @Test
    void stop_endsTheWaiting_andTheRestCanBeResumed() throws Exception {
        assertThat(upload(() -> stopped.set(true))).isFalse();

        restart();
        assertThat(uploaded().complete()).isFalse();
    }

    private JobUploaded uploaded() {
        return JobsReader.find(kafka, TOPICS.jobs(), job).map(Job::uploaded).orElseThrow();
    }

    private PreparedRows rows() throws Exception {
        Path file = Files.writeString(directory.resolve("rows.csv"), "character_id\n" + "guide\n".repeat(ROWS));

        StartEventDecoder decoder = new StartEventDecoder(
                new StartEventDecoder.Rules(null, SampleRules.deadlines(), 10_000, Set.of(), Set.of("default")),
                SampleRules.replyTopics("replies"));
        return PreparedRows.of(file, job, SampleOptions.plain(), decoder, "start", Instant.now(), () -> false);
    }

    private JobSpec spec(PreparedRows rows) {
        return SampleJobs.spec(job).rows(rows.rows()).digest(rows.digest()).build();
    }
}
