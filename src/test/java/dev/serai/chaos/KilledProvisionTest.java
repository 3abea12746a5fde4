package dev.serai.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.batch.Job;
import dev.serai.batch.JobRun;
import dev.serai.batch.JobsReader;
import dev.serai.testing.JavaProcess;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file of learners on its way to rooms, while {@code serai provision} is killed twice, and once the replica that has its job:
 * each row has one result, which is one of the rooms that the stand-in has made for it. {@code -Dserai.chaos.rows=N} is a file
 * of so many.
 */
@Tag("chaos-long")
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class KilledProvisionTest {
    private static final int ROWS = Integer.getInteger("serai.chaos.rows", 600);
    private static final int FEW = 1_000;
    private static final long MEMORY_BOUND_MIB = 300;
    private static final Duration PATIENCE = Replicas.PATIENCE.plusMillis(20L * ROWS);

    @TempDir
    private Path directory;

    @AutoClose
    private Replicas replicas;

    private Path rooms;
    private long peakMiB;

    /** By their numbers; the stand-in keeps the last hundred thousand. */
    private final Map<Long, RecordedCall> calls = new HashMap<>();

    @BeforeEach
    void start() throws Exception {
        rooms = directory.resolve("rooms.jsonl");
        replicas = new Replicas(directory);
        replicas.start("one");
        replicas.start("two");
    }

    @Test
    void commandKilledTwice_andAReplica_eachRowHasOneResult() throws Exception {
        List<Object> run = new ArrayList<>(List.of("run", learners(), "--out", rooms, "--row-id", "end_user_id"));
        if (ROWS <= FEW) {
            run.addAll(List.of("--rate", "60"));
        }
        long begun = System.nanoTime();
        String job;
        try (JavaProcess first = provision(run.toArray())) {
            job = first.readLine();
            awaitResults(first, ROWS / 10);
            first.kill();
            first.exitCode();
        }
        try (JavaProcess second = provision("resume", job, "--out", rooms)) {
            awaitResults(second, ROWS * 3 / 10);
            replicas.killAndRestart(Objects.requireNonNull(run(job)).by());
            awaitResults(second, ROWS * 6 / 10);
            noteCalls();
            second.kill();
            second.exitCode();
        }
        try (JavaProcess third = provision("resume", job, "--out", rooms)) {
            awaitResults(third, ROWS);
            assertThat(third.exitCode()).as(third.errors()).isZero();
            assertThat(third.errors()).contains(ROWS + " of " + ROWS + " rows have rooms");
        }

        noteCalls();
        System.out.printf(
                "%d rows, the command killed twice and a replica once: %d s, peak memory of the command %d MiB, rooms %d%n",
                ROWS,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun),
                peakMiB,
                replicas.provider().sessionCounts().roomsCreated());
        assertThat(peakMiB).isBetween(1L, MEMORY_BOUND_MIB);
        requireOneResultOfEachRow();
        await("the job's end")
                .atMost(PATIENCE)
                .until(() -> run(job), known -> known != null && known.state() == JobRun.State.FINISHED);
    }

    /** What the fleet has said of the job; null if it has said nothing yet. */
    @Nullable
    private JobRun run(String job) {
        return JobsReader.find(replicas.kafka(), "conversation.jobs", job)
                .map(Job::run)
                .orElse(null);
    }

    private void requireOneResultOfEachRow() throws IOException {
        Map<String, List<RecordedCall>> calls = callsByLearner();
        BitSet seen = new BitSet();
        try (Stream<String> lines = Files.lines(rooms)) {
            for (String line : (Iterable<String>) lines::iterator) {
                JsonNode result = Json.MAPPER.readTree(line);
                int row = result.path("row").asInt();
                assertThat(seen.get(row)).as("row %d twice", row).isFalse();
                seen.set(row);
                assertThat(result.path("row_id").asText()).isEqualTo("learner-" + row);
                assertThat(result.path("status").asText()).as(line).isEqualTo("started");
                assertThat(result.path("character_id").asText()).isEqualTo(character(row));
                String room = result.path("room_name").asText();
                assertThat(calls.get("learner-" + row))
                        .as("calls for row %d", row)
                        .allMatch(call -> character(row).equals(call.characterId()))
                        .anyMatch(call -> String.valueOf(call.answer()).contains('"' + room + '"'));
            }
        }
        assertThat(seen.cardinality()).isEqualTo(ROWS);
        assertThat(seen.length()).isEqualTo(ROWS + 1);
    }

    private void noteCalls() {
        replicas.provider().calls().forEach(call -> calls.put(call.number(), call));
    }

    private Map<String, List<RecordedCall>> callsByLearner() throws IOException {
        Map<String, List<RecordedCall>> byLearner = new HashMap<>();
        for (RecordedCall call : calls.values()) {
            String learner =
                    Json.MAPPER.readTree(call.body()).path("end_user_id").asText();
            byLearner.computeIfAbsent(learner, first -> new ArrayList<>()).add(call);
        }
        return byLearner;
    }

    private static String character(int row) {
        return "guide-" + row % 13;
    }

    private Path learners() throws IOException {
        Path file = directory.resolve("learners.csv");
        try (var out = Files.newBufferedWriter(file)) {
            out.write("end_user_id,character_id,dynamic_info.text\n");
            for (int row = 1; row <= ROWS; row++) {
                out.write("learner-" + row + "," + character(row) + ",\"line one,\nline two of " + row + "\"\n");
            }
        }
        return file;
    }

    private JavaProcess provision(Object... arguments) {
        List<String> all = new ArrayList<>(List.of("provision"));
        Arrays.stream(arguments).map(String::valueOf).forEach(all::add);
        all.addAll(List.of("--set", "serai.kafka.bootstrap-servers=" + replicas.bootstrapServers()));
        return JavaProcess.startSerai(List.of("-Xmx96m"), Map.of(), all.toArray(String[]::new));
    }

    /** How far the file of results is; and how much memory the command takes meanwhile. */
    private void awaitResults(JavaProcess command, long results) {
        await(results + " results")
                .atMost(PATIENCE)
                .pollInterval(ROWS <= FEW ? Duration.ofMillis(100) : Duration.ofSeconds(2))
                .until(() -> {
                    peakMiB = Math.max(peakMiB, command.peakMiB());
                    long there = Files.exists(rooms) ? lines(rooms) : 0;
                    if (there < results && command.hasEnded()) {
                        throw new AssertionError("the command has ended; it said: " + command.errors());
                    }
                    return there >= results;
                });
    }

    private static long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }
}
