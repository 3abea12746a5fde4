package dev.serai.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import dev.serai.settings.KafkaSettings;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.TopicReader;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.wire.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Provisioning jobs in running services, whose replicas share them. */
@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(120)
@LeftToCi
class ProvisioningJobsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String CHARACTER = "guide";

    @AutoClose
    private final RunningSerai serai = new RunningSerai(RunningSerai.withoutSources(Map.of()));

    private final KafkaSettings settings = serai.settings().kafka();
    private final Map<String, Object> kafka = Map.of("bootstrap.servers", serai.bootstrapServers());
    private final JobTopics topics = new JobTopics(settings.jobTopic(), settings.jobRowTopic());
    private final String job = JobId.create(Instant.now());

    @BeforeEach
    void createTopics() throws InterruptedException {
        new TopicSetup(kafka, true, Duration.ofSeconds(20)).ensure(topics.specs(settings.partitions()));
    }

    @Test
    void job_opensARoomForEachRow_whileReplicasComeAndGo() throws Exception {
        List<JobRow> rows = new ArrayList<>();
        LongStream.rangeClosed(1, 120).forEach(number -> rows.add(row(number, CHARACTER)));
        try (JobUpload upload = begin(20.0, 121)) {
            upload.add(rows, false, Clock.systemUTC());
            await(run -> run.published() > 30);
            SeraiService other = serai.startReplica("other");
            await(run -> run.published() > 60);
            other.close();
            await(run -> run.published() > 80);
            serai.restart(Map.of());
            // Counted by the process that there is now, however long the machine stood still before.
            upload.add(List.of(row(121, RunningSerai.UNKNOWN_CHARACTER)), true, Clock.systemUTC());
        }

        JobRun run = await(JobRun::isOver);
        assertThat(run.state()).isEqualTo(JobRun.State.FINISHED);
        assertThat(run.started()).isEqualTo(120);
        assertThat(run.failed()).isEqualTo(Map.of("character_not_found", 1L));
        assertThat(run.missing() + run.lost()).isZero();
        assertThat(serai.connectCalls(CHARACTER).stream().filter(RecordedCall::sessionMade))
                .hasSize(120);
        try (TopicReader replies = serai.reader(settings.replyTopic())) {
            assertThat(replies.all()).hasSize(121);
        }
        assertThat(serai.scrape().lines().filter(line -> line.startsWith("serai_jobs_")))
                .contains("serai_jobs_rows_answered_total{outcome=\"failed\"} 1.0");
        JsonNode check = check("jobs");
        assertThat(check.path("status").asText()).isEqualTo("UP");
        assertThat(check.at("/data/troubled").asInt()).isZero();
    }

    @Test
    void replicaThatRunsNoJobs_leavesThemToOthers() throws Exception {
        serai.restart(Map.of("serai.provision.enabled", "false"));
        assertThat(serai.scrape()).doesNotContain("serai_jobs_");
        assertThat(check("jobs").isMissingNode()).isTrue();
        try (JobUpload upload = begin(null, 1)) {
            upload.add(List.of(row(1, CHARACTER)), true, Clock.systemUTC());
        }

        try (SeraiService other = serai.startReplica("other")) {
            JobRun run = await(JobRun::isOver);
            assertThat(run.by()).isEqualTo(other.instanceId());
            assertThat(run.started()).isEqualTo(1);
        }
    }

    private JsonNode check(String id) throws Exception {
        for (JsonNode check : Json.MAPPER.readTree(serai.health("?data=true")).path("checks")) {
            if (check.path("name").asText().equals(id)) {
                return check;
            }
        }
        return Json.MAPPER.missingNode();
    }

    private JobUpload begin(@Nullable Double rate, int rows) {
        JobUpload upload = JobUpload.open(kafka, topics, job);
        upload.begin(SampleJobs.spec(job)
                .rows(rows)
                .rate(rate)
                .topics(settings.startTopic(), settings.replyTopic(), JobPartitions.ends(kafka, settings.replyTopic()))
                .firstRowOffset(upload.firstRowOffset(kafka))
                .build());
        return upload;
    }

    private JobRow row(long number, String character) {
        String event = "{\"event_id\":\"" + JobId.eventId(job, number, "") + "\",\"character_id\":\"" + character
                + "\",\"end_user_id\":\"user-" + number + "\",\"ttl_ms\":60000}";
        return new JobRow(number, null, ("learner-" + number).getBytes(UTF_8), event.getBytes(UTF_8));
    }

    private JobRun await(Predicate<JobRun> condition) {
        return org.awaitility.Awaitility.await("job")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> JobsReader.find(kafka, topics.jobs(), job)
                                .map(Job::run)
                                .orElse(null),
                        run -> run != null && condition.test(run));
    }
}
