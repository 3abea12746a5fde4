package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUpload;
import dev.serai.service.SeraiService;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.BesideOthers;
import dev.serai.wire.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows that were handed over wait for a slot of a small plan when their job is cancelled. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class ProvisionCancelTest {
    private static final int ROWS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final ProvisionFixture fixture = new ProvisionFixture(Map.of("serai.connect.max-sessions", "1"));

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        fixture.close();
    }

    /** A job whose first room takes the only slot, so that all other rows wait in the service. */
    private String jobThatWaits() throws Exception {
        String rows = IntStream.rangeClosed(1, ROWS)
                .mapToObj(number -> "learner-" + number + ",guide," + "long ".repeat(number * 100))
                .collect(Collectors.joining("\n", "end_user_id,character_id,dynamic_info.text\n", "\n"));
        Path learners = Files.writeString(directory.resolve("learners.csv"), rows);
        assertThat(fixture.execute("run", learners, "--row-id", "end_user_id", "--detach"))
                .as(fixture.commands.err())
                .isEqualTo(ExitCode.OK);
        String job = fixture.job();
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode status = status(job);
            assertThat(status.path("started").asInt()).isPositive();
            assertThat(status.path("published").asInt()).isEqualTo(ROWS);
        });
        return job;
    }

    @Test
    void status_saysWhatHoldsUpTheRowsThatWereHandedOver() throws Exception {
        String job = jobThatWaits();

        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        status(job).path("held_up_by").asText())
                .startsWith("the gate of tenant default at 127.0.0.1:")
                .endsWith(": as many sessions are open as max-sessions allows"));

        assertThat(fixture.execute("status", job)).isEqualTo(ExitCode.OK);
        assertThat(fixture.commands.out())
                .containsPattern(
                        "; waits for answers; rows wait for the gate of tenant default at \\S+: as many sessions"
                                + " are open as max-sessions allows\\R");
    }

    private JsonNode status(String job) throws Exception {
        assertThat(fixture.execute("status", job, "--json")).isEqualTo(ExitCode.OK);
        return Json.MAPPER.readTree(fixture.commands.out());
    }

    private void assertEachRowAnsweredOnce(String job, int mostRooms) throws Exception {
        Path results = directory.resolve("results.jsonl");
        assertThat(fixture.execute("results", job, "--out", results))
                .as(fixture.commands.err())
                .isEqualTo(ExitCode.FAILED);
        Map<String, Long> byStatus = ProvisionFixture.results(results).values().stream()
                .collect(Collectors.groupingBy(row -> row.path("status").asText(), Collectors.counting()));
        long rooms = byStatus.getOrDefault("started", 0L);
        assertThat(rooms).isBetween(1L, (long) mostRooms);
        assertThat(byStatus).isEqualTo(Map.of("started", rooms, "cancelled", ROWS - rooms));
        assertThat(status(job).at("/failed/cancelled").asLong()).isEqualTo(ROWS - rooms);
        for (int number = 1; number <= ROWS; number++) {
            assertThat(fixture.serai.repliesTo(job + "/" + number + "/learner-" + number))
                    .hasSize(1);
        }
        assertThat(fixture.serai.deadLetters()).isEmpty();
    }

    @Test
    void rowsThatWaitInTheService_areTakenBack_onEveryReplica() throws Exception {
        try (SeraiService other = fixture.serai.startReplica("other")) {
            Awaitility.await().atMost(PATIENCE).until(() -> other.partitions() > 0);
            String job = jobThatWaits();

            assertThat(fixture.execute("cancel", job))
                    .as(fixture.commands.err())
                    .isEqualTo(ExitCode.OK);

            assertThat(fixture.commands.err()).contains("; cancelled");
            // Each replica has a slot of its own.
            assertEachRowAnsweredOnce(job, 2);
            assertThat(fixture.serai.connectCalls("guide")).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void rowsOfAJobThatWasCancelledMeanwhile_openNoRooms_whenTheServiceIsBack() throws Exception {
        String job = jobThatWaits();
        SeraiSettings settings = fixture.serai.settings();
        // One that does not know of jobs holds the rows, and has opened another room: the slot was forgotten with its
        // process.
        fixture.serai.restart(Map.of("serai.provision.enabled", "false"));
        Awaitility.await().atMost(PATIENCE).until(() -> fixture.serai.replies().size() == 2);
        JobTopics topics = ProvisionJobCommand.topics(settings);
        JobUpload.cancel(
                Map.of("bootstrap.servers", fixture.serai.bootstrapServers()), topics, job, "tests", Instant.now());

        fixture.serai.restart(Map.of());

        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        status(job).path("state").asText())
                .isEqualTo("cancelled"));
        assertEachRowAnsweredOnce(job, 2);
        assertThat(fixture.serai.connectCalls("guide")).hasSize(2);
    }
}
