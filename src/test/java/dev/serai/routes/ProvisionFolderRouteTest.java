package dev.serai.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.RecordedCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(120)
class ProvisionFolderRouteTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ROUTE = "provision-folder-of-files";

    @TempDir
    static Path directory;

    private static Path inbox;
    private static Path outbox;

    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        inbox = directory.resolve("in");
        outbox = directory.resolve("out");
        serai = new RunningSerai(RunningSerai.withoutSources(Map.of(
                "serai.provision.inbox", inbox.toString(),
                "serai.provision.outbox", outbox.toString(),
                "serai.connect.max-concurrent", "2")));
    }

    @Test
    void file_becomesAJob_andItsResultsAppear_withTheFailedRowsApart() throws Exception {
        put("class.csv", "character_id,end_user_id\nclass,ann\n" + RunningSerai.UNKNOWN_CHARACTER + ",bob\n");

        List<String> lines = results("class");
        assertThat(lines)
                .hasSize(3)
                .anyMatch(line -> line.contains(",started,"))
                .anyMatch(line -> line.contains("character_not_found"));
        assertThat(rooms("class")).isEqualTo(1);
        Path results = files(outbox, "class", "results").getFirst();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(results)))
                .isEqualTo("rw-------");
        assertThat(Files.readAllLines(files(outbox, "class", "failed").getFirst()))
                .hasSize(2)
                .last()
                .asString()
                .contains("bob");
        await("done").atMost(PATIENCE).until(() -> !files(inbox.resolve("done"), "class", "csv")
                .isEmpty());
        assertThat(inbox.resolve("class.csv")).doesNotExist();
    }

    @Test
    void fileThatIsStillWritten_isReadWhenItIsComplete() throws Exception {
        Path file = Files.writeString(inbox.resolve("slow.csv"), "character_id\n");
        Instant end = Instant.now().plusSeconds(5);
        // For longer than the route looks at it at once.
        await("end of writing")
                .pollInterval(Duration.ofMillis(400))
                .atMost(PATIENCE)
                .until(() -> {
                    Files.writeString(file, "slow\n", StandardOpenOption.APPEND);
                    return Instant.now().isAfter(end);
                });
        int written = Files.readAllLines(file).size();

        assertThat(results("slow")).hasSize(written);
        assertThat(rooms("slow")).isEqualTo(written - 1);
        assertThat(files(outbox, "slow", "results")).hasSize(1);
    }

    @Test
    void fileWithBadRows_isRejected_andNothingOfItIsSent() throws Exception {
        put("bad.csv", "character_id,ttl_ms\nbad,1000\nbad,soon\n");

        await("rejection").atMost(PATIENCE).until(() -> !files(inbox.resolve("rejected"), "bad", "csv")
                .isEmpty());
        assertThat(Files.readString(files(outbox, "bad", "rejected").getFirst()))
                .contains("line 3", "ttl_ms");
        assertThat(files(outbox, "bad", "results")).isEmpty();
        assertThat(rooms("bad")).isZero();
    }

    @Test
    void emptyFile_isRejected() throws Exception {
        put("empty.csv", "");

        await("rejection").atMost(PATIENCE).until(() -> !files(inbox.resolve("rejected"), "empty", "csv")
                .isEmpty());
        assertThat(Files.readString(files(outbox, "empty", "rejected").getFirst()))
                .contains("is empty");
    }

    @Test
    void job_goesOnAfterARestart_withoutASecondRoom() throws Exception {
        serai.standIn().latency(Duration.ofMillis(100), Duration.ofMillis(200));
        StringBuilder rows = new StringBuilder("character_id\n");
        IntStream.range(0, 40).forEach(row -> rows.append("restart\n"));
        put("restart.csv", rows.toString());
        await("some rooms").atMost(PATIENCE).until(() -> rooms("restart") > 5);
        serai.restart(Map.of());

        assertThat(results("restart"))
                .hasSize(41)
                .filteredOn(line -> line.contains(",started,"))
                .hasSize(40);
        assertThat(rooms("restart")).isEqualTo(40);
        // The same file again, as a copy that keeps its time, is the same job.
        await("the file to be done").atMost(PATIENCE).until(() -> !files(inbox.resolve("done"), "restart", "csv")
                .isEmpty());
        Path done = files(inbox.resolve("done"), "restart", "csv").getFirst();
        Path copy = Files.copy(done, directory.resolve("restart.csv"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(copy, inbox.resolve("restart.csv"), StandardCopyOption.ATOMIC_MOVE);
        await("second end").atMost(PATIENCE).until(() -> !Files.exists(inbox.resolve("restart.csv")));
        await("second end").atMost(PATIENCE).until(() -> files(inbox.resolve("accepted"), "restart", "csv")
                .isEmpty());
        assertThat(rooms("restart")).isEqualTo(40);
    }

    @Test
    void withoutAnInbox_thereIsNoRoute() {
        assertThat(serai.service().camelContext().getRoute(ROUTE)).isNotNull();
        try (RunningSerai other = new RunningSerai()) {
            assertThat(other.service().camelContext().getRoute(ROUTE)).isNull();
        }
    }

    /** Puts a whole file there at once. */
    private static void put(String name, String text) throws IOException {
        Path file = Files.write(directory.resolve(name), text.getBytes(UTF_8));
        Files.move(file, inbox.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The lines of its results, once they are there. */
    private static List<String> results(String stem) throws IOException {
        await("results of " + stem).atMost(PATIENCE).until(() -> !files(outbox, stem, "results")
                .isEmpty());
        return Files.readAllLines(files(outbox, stem, "results").getFirst());
    }

    private static List<Path> files(Path folder, String stem, String part) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .filter(file -> file.getFileName().toString().contains(stem + "."))
                    .filter(file -> file.getFileName().toString().contains(part))
                    .toList();
        }
    }

    private static long rooms(String character) {
        return serai.connectCalls(character).stream()
                .filter(RecordedCall::sessionMade)
                .count();
    }
}
