package dev.serai.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Serai;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.StockTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page for batches, done from its first command to its last. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@BesideOthers
@LeftToCi
@Order(BesideOthers.LONG)
class BatchDocumentTest {
    private static final Path DOCUMENT = Path.of("src/docs/batch.md");

    @TempDir
    private Path directory;

    @Test
    void everyStepOfThePage_works() throws Exception {
        StockTools.assumeThereAre("bash");
        List<String> steps = StockTools.blocks(DOCUMENT, "bash").toList();
        List<String> files = StockTools.blocks(DOCUMENT, "csv").toList();
        assertThat(files).hasSize(2);
        // The last one's character is there for nobody.
        write("learners.csv", files.getFirst() + "carl," + RunningSerai.UNKNOWN_CHARACTER + ",,\n");
        String soon = LocalDateTime.now(ZoneId.of("Europe/Berlin"))
                .truncatedTo(ChronoUnit.SECONDS)
                .plusSeconds(40)
                .toString();
        write("visits.csv", files.getLast().replace("2026-01-31T10:00", soon).replace("2026-01-31 10:00", soon));
        StockTools tools = StockTools.withKafka(directory);
        try (RunningSerai serai = new RunningSerai(RunningSerai.withoutSources(Map.of()))) {
            writeLauncher(serai);
            String said = "";
            for (String step : steps) {
                said += tools.run(step.replace("08:00-18:00", closedWindow())
                        .replace("localhost:9092", serai.bootstrapServers())
                        .replace("conversation.jobs", serai.settings().kafka().jobTopic()));
            }
            assertThat(said)
                    .contains(
                            "rows       3 good, 0 bad",
                            "9 at once at most, each for 5m",
                            "not used   columns team",
                            "2 of 3 rows have rooms; failed: character_not_found 1",
                            "failed.csv has 1 row to be tried again",
                            "3 rows uploaded: the service goes on",
                            "; waits for window until ",
                            "\"state\":\"finished\"",
                            "; cancelled");
        }
        assertThat(Files.readAllLines(directory.resolve("rooms.csv"))).hasSize(4);
        assertThat(Files.readString(directory.resolve("failed.csv")))
                .isEqualTo("learner,figure,note,team\ncarl," + RunningSerai.UNKNOWN_CHARACTER + ",,\n");
        for (String file : List.of("rooms-of-failed.jsonl", "visits.jsonl", "rooms-by-myself.jsonl")) {
            assertThat(Files.readAllLines(directory.resolve(file)))
                    .as(file)
                    .isNotEmpty()
                    .allMatch(line -> line.contains("\"status\":\"started\""));
        }
        assertThat(Files.readAllLines(directory.resolve("rooms-in-the-end.csv")))
                .hasSize(4);
    }

    /** Of a job that can be cancelled in its middle at any time of day. */
    private static String closedWindow() {
        LocalTime now = LocalTime.now(ZoneId.of("Europe/Berlin")).truncatedTo(ChronoUnit.MINUTES);
        return now.plusHours(6) + "-" + now.plusHours(7);
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }

    /** As {@code ./serai}, with the settings of this service; with those of none where the command brings its own. */
    private void writeLauncher(RunningSerai serai) throws IOException {
        var kafka = serai.settings().kafka();
        String settings = Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS", serai.bootstrapServers(),
                        "SERAI_KAFKA_START_TOPIC", kafka.startTopic(),
                        "SERAI_KAFKA_REPLY_TOPIC", kafka.replyTopic(),
                        "SERAI_KAFKA_DEAD_LETTER_TOPIC", kafka.deadLetterTopic(),
                        "SERAI_KAFKA_SESSION_TOPIC", kafka.sessionTopic(),
                        "SERAI_KAFKA_JOB_TOPIC", kafka.jobTopic(),
                        "SERAI_KAFKA_JOB_ROW_TOPIC", kafka.jobRowTopic(),
                        "SERAI_KAFKA_PARTITIONS", Integer.toString(kafka.partitions()))
                .entrySet()
                .stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
        String own = "SERAI_DATA_DIR=data SERAI_EMBEDDED_PORT=0 SERAI_ROUTES_DIR="
                + RouteFiles.shippedFolder().toAbsolutePath();
        Path launcher = Files.writeString(
                directory.resolve("serai"),
                "#!/bin/sh\ncase \"$*\" in *--embedded*) export " + own + " ;; *) export " + settings
                        + " ;; esac\nexec "
                        + Path.of(System.getProperty("java.home"), "bin", "java")
                        + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '" + JavaProcess.classPath() + "' "
                        + Serai.class.getName() + " \"$@\" --config /dev/null\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
