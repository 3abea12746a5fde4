package dev.serai.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.Serai;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.StockTools;
import dev.serai.testing.TopicReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page for batches, done from its first command to its last, while callers are answered by another service. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class BatchDocumentTest {
    private static final Path DOCUMENT = Path.of("src/docs/batch.md");
    private static final int LEARNERS = 20;

    @TempDir
    private Path directory;

    @Test
    void everyStepOfThePage_works_besideAServiceForCallers() throws Exception {
        StockTools.assumeThereAre("bash", "python3", "curl");
        List<String> steps = StockTools.blocks(DOCUMENT, "bash").toList();
        assertThat(steps).hasSize(6);
        String run = steps.getFirst().strip();
        assertThat(run).isEqualTo("./serai run --config config/batch.properties");
        StockTools tools = new StockTools(directory);
        try (RunningSerai callers = new RunningSerai();
                JavaProcess batch = start(callers.bootstrapServers(), run.split(" ", -1))) {
            String log = batch.awaitErrors("Ready: batch.start -> batch.replies");
            assertThat(tools.run(here(steps.get(1), callers, log))).contains("batch.start");
            String publish = here(steps.get(2), callers, log);
            refused_andNothingIsPublished(tools, publish);
            writeCsv(steps);
            tools.run(publish);
            // Publishing the file again changes nothing, and neither does saving it with Excel before.
            asExcelSavesIt();
            tools.run(publish);

            callers.publish("caller-1", "{\"event_id\":\"call\",\"character_id\":\"museum-guide\"}");
            assertThat(callers.replyTo("call").path("status").asText()).isEqualTo("started");
            try (TopicReader replies = new TopicReader(callers.bootstrapServers(), "batch.replies")) {
                replies.awaitCount("reply", any -> true, LEARNERS);
            }
            awaitNoLag(tools, here(steps.get(3), callers, log));

            assertThat(tools.run(here(steps.get(4), callers, log)))
                    .contains("events: " + LEARNERS + " {'started': " + LEARNERS + "}");
            List<String> rooms = Files.readAllLines(directory.resolve("rooms.csv"));
            assertThat(rooms).hasSize(1 + LEARNERS);
            assertThat(rooms.subList(1, rooms.size()))
                    .allMatch(row -> row.contains(",started,wss://"))
                    .allMatch(row -> row.endsWith(",,,True"));
            assertThat(rooms).anyMatch(row -> row.startsWith("spring-term-anna-museum-guide,anna,"));
            assertThat(Files.getPosixFilePermissions(directory.resolve("rooms.csv")))
                    .hasSize(2);
            assertThat(callers.replies()).hasSize(1);

            batch.terminate();
            assertThat(batch.exitCode()).isEqualTo(143);
            assertThat(tools.run(here(steps.get(5), callers, log))).contains("serai-batch", "batch.start");
        }
    }

    /** As typed, but for the rate, which is for a plan of thirty sessions. */
    private static JavaProcess start(String bootstrapServers, String... command) {
        List<String> arguments = new ArrayList<>(List.of(command).subList(1, command.length));
        for (String setting : List.of("serai.connect.rate=0", "serai.http.port=0")) {
            arguments.addAll(List.of("--set", setting));
        }
        return JavaProcess.start(
                JavaProcess.classPath(),
                Map.of("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers, "SERAI_CONNECT_STAND_IN", "true"),
                Serai.class,
                arguments.toArray(String[]::new));
    }

    private void writeCsv(List<String> steps) throws Exception {
        assertThat(steps.get(2)).contains("learners.csv");
        List<String> rows = new ArrayList<>(StockTools.blocks(DOCUMENT, "csv")
                .findFirst()
                .orElseThrow()
                .lines()
                .toList());
        for (int number = rows.size() - 1; number < LEARNERS; number++) {
            rows.add("learner-" + number + ",museum-guide,\"Says \"\"Grüß Gott\"\", and\nthen this.\"");
        }
        Files.write(directory.resolve("learners.csv"), rows);
    }

    /** A learner who is there twice would have lost the second row, one without a note would have had an event without text. */
    private void refused_andNothingIsPublished(StockTools tools, String publish) throws Exception {
        String head = "learner,character,note\nanna,museum-guide,first\n";
        Map<String, String> mistakes = Map.of(
                head + "anna,museum-guide,second\n",
                "line 3: spring-term-anna-museum-guide is there twice",
                head + "ben,museum-guide\n",
                "line 3: learner, character and note are needed",
                "name,character,note\nanna,museum-guide,first\n",
                "line 2: learner, character and note are needed");
        for (Map.Entry<String, String> mistake : mistakes.entrySet()) {
            Files.writeString(directory.resolve("learners.csv"), mistake.getKey());
            assertThat(tools.run("{ " + publish.strip() + "; } || echo refused"))
                    .contains(mistake.getValue(), "refused");
            assertThat(directory.resolve("events.tsv")).isEmptyFile();
        }
    }

    /** Byte order mark, semicolons, and the system's line ends. */
    private void asExcelSavesIt() throws IOException {
        Path file = directory.resolve("learners.csv");
        String saved = Files.readString(file)
                .replace("Speaks German, likes ships.", "Speaks German; likes ships.")
                .replace("Grüß Gott\"\", and", "Grüß Gott\"\"; and")
                .replace(',', ';')
                .replace("\n", "\r\n");
        Files.writeString(file, "\uFEFF" + saved);
    }

    private static String here(String commands, RunningSerai kafka, String log) {
        var metrics = Pattern.compile("metrics: (http://\\S+)/metrics").matcher(log);
        assertThat(metrics.find()).as(log).isTrue();
        return commands.replace("localhost:9092", kafka.bootstrapServers())
                .replace("http://127.0.0.1:8081/observe", metrics.group(1));
    }

    private static void awaitNoLag(StockTools tools, String watch) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(tools.run(watch))
                .contains("serai_replies_total")
                .containsPattern("serai-batch +batch.start +\\d+ +(\\d+) +\\1 +0 ")
                .doesNotContainPattern("serai-batch +batch.start +\\d+ +\\d+ +\\d+ +[1-9]"));
    }
}
