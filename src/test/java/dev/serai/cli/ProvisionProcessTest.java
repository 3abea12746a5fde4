package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Serai;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.StockTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What of {@code serai provision} is the process's own: its end in the middle, signals, terminals and memory. With
 * {@code -Dserai.test.rows=100000} the job that is killed twice has so many rows, and takes some minutes.
 */
@BesideOthers
@LeftToCi
@Order(BesideOthers.LONG)
@Timeout(value = 1800, unit = TimeUnit.SECONDS)
class ProvisionProcessTest {
    private static final int ROWS = Integer.getInteger("serai.test.rows", 300);
    private static final int FEW = 1_000;
    private static final long MEMORY_BOUND_MIB = 300;
    private static final String HEAP = "-Xmx96m";

    @AutoClose
    private static ProvisionFixture fixture;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        fixture = new ProvisionFixture(Map.of("serai.connect.max-concurrent", "64"));
    }

    private static JavaProcess provision(Object... arguments) {
        return JavaProcess.startSerai(
                List.of(HEAP), Map.of(), command(arguments).toArray(String[]::new));
    }

    private static List<String> command(Object... arguments) {
        List<String> all = new ArrayList<>(List.of("provision"));
        Arrays.stream(arguments).map(String::valueOf).forEach(all::add);
        fixture.settings().forEach((key, value) -> all.addAll(List.of("--set", key + "=" + value)));
        return all;
    }

    private Path learners(String prefix, int count) throws IOException {
        Path file = directory.resolve("learners.csv");
        try (var out = Files.newBufferedWriter(file)) {
            out.write("end_user_id,character_id,dynamic_info.text\n");
            for (int number = 1; number <= count; number++) {
                out.write(prefix + number + ",guide-" + number % 13 + ",\"line one,\nline two of " + number + "\"\n");
            }
        }
        return file;
    }

    private static long lines(Path file) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    private static void await(JavaProcess process, Path rooms, long lines) {
        Awaitility.await(lines + " results")
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (process.hasEnded()) {
                        throw new AssertionError("the process has ended; it said: " + process.errors());
                    }
                    return lines(rooms) >= lines;
                });
    }

    @Test
    void commandKilledTwice_isResumed_andEachRowHasOneResult() throws Exception {
        Path learners = learners("killed-", ROWS);
        Path rooms = directory.resolve("rooms.jsonl");
        List<Object> run = new ArrayList<>(List.of("run", learners, "--out", rooms, "--row-id", "end_user_id"));
        if (ROWS <= FEW) {
            run.addAll(List.of("--rate", "60"));
        }
        String job;
        AtomicLong most = new AtomicLong();
        try (JavaProcess first = provision(run.toArray())) {
            job = first.readLine();
            await(first, rooms, ROWS / 10);
            most.accumulateAndGet(first.peakMiB(), Math::max);
            first.kill();
            first.exitCode();
        }
        try (JavaProcess second = provision("resume", job, "--out", rooms)) {
            await(second, rooms, ROWS / 2);
            most.accumulateAndGet(second.peakMiB(), Math::max);
            second.kill();
            second.exitCode();
        }
        try (JavaProcess third = provision("resume", job, "--out", rooms)) {
            Awaitility.await("the command's end")
                    .atMost(Duration.ofMinutes(10))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        most.accumulateAndGet(third.peakMiB(), Math::max);
                        return third.hasEnded();
                    });
            assertThat(third.exitCode()).as(third.errors()).isEqualTo(ExitCode.OK);
            assertThat(third.errors()).contains(ROWS + " of " + ROWS + " rows have rooms");
        }
        long peak = most.get();
        System.out.println("rows " + ROWS + ", peak memory of the command " + peak + " MiB");
        assertThat(peak).isBetween(1L, MEMORY_BOUND_MIB);

        ProvisionFixture.Results results = ProvisionFixture.results(rooms);
        Map<String, List<String>> calls = fixture.calledFor();
        assertThat(results.rows()).hasSize(ROWS);
        for (int number = 1; number <= ROWS; number++) {
            JsonNode result = results.get(number);
            assertThat(result.path("row_id").asText()).isEqualTo("killed-" + number);
            assertThat(result.path("status").asText()).isEqualTo("started");
            assertThat(result.path("character_id").asText()).isEqualTo("guide-" + number % 13);
            assertThat(calls.get("killed-" + number)).containsExactly("guide-" + number % 13);
        }
    }

    @Test
    void interruption_leavesTheJobToTheService_andSaysHowToGoOn() throws Exception {
        Path rooms = directory.resolve("rooms.csv");
        try (JavaProcess run = provision(
                "run", learners("interrupted-", 6), "--out", rooms, "--rate", "0.5", "--row-id", "end_user_id")) {
            String job = run.readLine();
            // The first line names the columns.
            await(run, rooms, 2);
            run.awaitErrors("/6: ");

            run.interrupt();

            assertThat(run.exitCode()).as(run.errors()).isEqualTo(130);
            assertThat(run.errors())
                    .contains(
                            "the job goes on without this command: ./serai provision resume " + job + " --out " + rooms,
                            "./serai provision cancel " + job)
                    .doesNotContain("\u001b", "\r");
            assertThat(run.readToEnd()).isEmpty();
        }
    }

    @Test
    void onATerminal_thereIsABar() throws Exception {
        StockTools.assumeThereAre("script");
        Path rooms = directory.resolve("rooms.csv");
        Path said = directory.resolve("said");
        List<String> java = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                JavaProcess.classPath(),
                Serai.class.getName()));
        java.addAll(command("run", learners("shown-", 4), "--out", rooms, "--rate", "2", "--config", "/dev/null"));
        String typed =
                String.join(" ", java.stream().map(word -> "'" + word + "'").toList());

        Process script = new ProcessBuilder("script", "-qec", typed, "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(script.waitFor(90, TimeUnit.SECONDS)).isTrue();
        } finally {
            script.descendants().forEach(ProcessHandle::destroyForcibly);
            script.destroyForcibly();
        }

        String text = Files.readString(said);
        assertThat(script.exitValue()).as(text).isZero();
        assertThat(text)
                .contains("\r[....................] 0/4: 0 rooms", "\r[####################] 4/4: 4 rooms", "\u001b[K")
                .contains("4 of 4 rows have rooms");
        assertThat(Files.readAllLines(rooms)).hasSize(5);
    }

    @Test
    void embedded_needsNoKafka_andEndsWhenItIsDone() throws Exception {
        Path rooms = directory.resolve("rooms.jsonl");
        try (JavaProcess run = JavaProcess.startSerai(
                Map.of("SERAI_DATA_DIR", directory.resolve("data").toString(), "SERAI_EMBEDDED_PORT", "0"),
                "provision",
                "run",
                learners("embedded-", 5).toString(),
                "--embedded",
                "--out",
                rooms.toString(),
                "--close-after",
                "2s")) {
            assertThat(run.exitCode()).as(run.errors()).isEqualTo(ExitCode.OK);
            assertThat(run.errors()).contains("5 of 5 rows have rooms", "rooms are closed within 2s");
        }
        assertThat(ProvisionFixture.results(rooms).values()).hasSize(5).allMatch(result -> result.path("stand_in")
                .asBoolean());
    }
}
