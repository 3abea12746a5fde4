package dev.serai.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.Incoming;
import dev.serai.testing.LogLines;
import dev.serai.testing.RefusingStep;
import dev.serai.testing.RouteFiles;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.RecordedCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example that makes start events of CSV files. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class EventsFromCsvRouteTest {
    /** Of every file here. */
    private static final long MODIFIED = Instant.parse("2026-01-31T10:00:00Z").toEpochMilli();

    private static final String REFUSED = "\"refused-3\"";

    @TempDir
    private static Path folder;

    @AutoClose
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        String routes = RouteFiles.copyWithExample(
                        "events-from-csv", text -> RouteFiles.withStep("publish-event-of-line", RefusingStep.class)
                                .apply(text)
                                .replace("delay: 1000", "delay: 100"))
                .toString();
        serai = new RunningSerai(Map.of(
                "serai.reply.repeat",
                "false",
                "serai.routes-dir",
                routes,
                "csv.folder",
                folder.toString(),
                // No call is given up and made again because the machine stands still for a second, as builds do.
                "serai.connect.response-timeout",
                "15s"));
    }

    @Test
    void line_becomesAnEvent_andABadOneStopsNoOther() throws IOException {
        try (LogLines log = LogLines.ofAll()) {
            drop("mixed.csv", """
                    \uFEFFlearner;character;lesson;minutes
                    anna;guide;Fractions, "and" more;90
                    too;few
                    "bernd";guide;"one; two ""three\""";

                    "never closed;guide;x;1
                    carla;;;
                    dora;guide;;soon
                    emil;guide;;
                    """);

            assertThat(serai.replyTo(id("mixed.csv", 2))
                            .path("conversation_key")
                            .asText())
                    .isEqualTo("anna");
            assertThat(serai.replyTo(id("mixed.csv", 4)).path("status").asText())
                    .isEqualTo("started");
            assertThat(serai.replyTo(id("mixed.csv", 7)).at("/error/category").asText())
                    .isEqualTo("invalid_event");
            assertThat(serai.replyTo(id("mixed.csv", 9)).path("status").asText())
                    .isEqualTo("started");
            assertThat(serai.connectCalls("guide").stream().map(RecordedCall::body))
                    .anySatisfy(body -> assertThat(body).contains("Today's lesson: Fractions, \\\"and\\\" more"))
                    .anySatisfy(body -> assertThat(body).contains("Today's lesson: one; two \\\"three\\\""));
            awaitDone("mixed.csv");
            assertThat(Files.readAllLines(rejected("mixed")))
                    .containsExactly(
                            "learner;character;lesson;minutes",
                            "too;few",
                            "\"never closed;guide;x;1",
                            "dora;guide;;soon");
            assertThat(log.with("mixed.csv makes no start event"))
                    .hasSize(3)
                    .first()
                    .asString()
                    .startsWith("WARN Line 3 of mixed.csv")
                    .contains("step read-line: line 3 has 2 values, and the header 4 columns");
            assertThat(log.with("Line 6 of mixed.csv"))
                    .singleElement()
                    .asString()
                    .contains("step read-line: line 6: Missing closing quote for value)");
            assertThat(log.with("Line 8 of mixed.csv"))
                    .singleElement()
                    .asString()
                    .contains(
                            "route events-from-csv (events-from-csv.camel.yaml), step make-event-of-line: in line 6 of the"
                                    + " JSONata expression, at character ",
                            "$number`: a value is no number")
                    .doesNotContain("soon");
        }
    }

    /** Two learners whose names differ in such a byte must not become one. */
    @Test
    void lineThatIsNotUtf8_isRejected_asItStandsThere_andStopsNoOther() throws IOException {
        try (LogLines log = LogLines.ofAll()) {
            byte[] text = "learner,character\nj\u00e4n,guide\nj\u00f6n,guide\njon,guide\n"
                    .getBytes(StandardCharsets.ISO_8859_1);
            drop("latin.csv", text);

            assertThat(serai.replyTo(id("latin.csv", 4)).path("status").asText())
                    .isEqualTo("started");
            awaitDone("latin.csv");
            assertThat(Files.readAllBytes(rejected("latin")))
                    .isEqualTo("learner,character\nj\u00e4n,guide\nj\u00f6n,guide\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
            assertThat(log.with("of latin.csv makes no start event"))
                    .hasSize(2)
                    .first()
                    .asString()
                    .startsWith("WARN Line 2 of latin.csv")
                    .contains("step read-line: line 2 is not UTF-8");
        }
    }

    /** Nobody can tell then what its columns are called. */
    @Test
    void fileWhoseHeaderIsNotUtf8_isRejectedAsAWhole() throws IOException {
        try (LogLines log = LogLines.ofAll()) {
            drop("header.csv", "learner,character,pr\u00e9nom\nida,guide,x\n".getBytes(StandardCharsets.ISO_8859_1));

            awaitDone("header.csv");
            assertThat(Files.readAllBytes(rejected("header")))
                    .isEqualTo("learner,character,pr\u00e9nom\nida,guide,x\n".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(log.with("Line 2 of header.csv"))
                    .singleElement()
                    .asString()
                    .contains("step read-line: the first line, which names the columns, is not UTF-8");
        }
    }

    @Test
    void rejectedLines_correctedAndPutIntoTheFolderAgain_becomeEvents() throws IOException {
        drop("again.csv", "learner,character,minutes\nfritz,guide,soon\ngerda,guide,5\n");
        awaitDone("again.csv");
        Path rejected = rejected("again");
        String name = rejected.getFileName().toString();
        Files.setLastModifiedTime(rejected, FileTime.fromMillis(MODIFIED));
        Files.writeString(rejected, Files.readString(rejected).replace("soon", "7"));
        Files.setLastModifiedTime(rejected, FileTime.fromMillis(MODIFIED));
        Files.move(rejected, folder.resolve(name));

        assertThat(serai.replyTo(id(name, 2)).path("conversation_key").asText()).isEqualTo("fritz");
        awaitDone(name);
    }

    @Test
    void fileThatIsReadAgain_hasItsRejectedLinesOnce_andNotThoseOfAnEarlierFileOfItsName() throws IOException {
        drop("twice.csv", "learner,character\nearlier\n");
        awaitDone("twice.csv");
        RefusingStep.refuse(REFUSED, 2);
        Path written = Files.writeString(
                folder.resolve("twice.csv.part"), "learner,character\nno-comma\nrefused-3,guide\nnone-either\n");
        Files.setLastModifiedTime(written, FileTime.fromMillis(MODIFIED + 1));
        Files.move(written, folder.resolve("twice.csv"));
        serai.replyTo("twice.csv-" + (MODIFIED + 1) + "-3");
        await("the file is done with")
                .atMost(Duration.ofSeconds(30))
                .until(() -> !Files.exists(folder.resolve("twice.csv")));

        assertThat(RefusingStep.left(REFUSED)).isZero();
        try (Stream<Path> all = Files.list(folder.resolve("rejected"))) {
            assertThat(all.filter(file -> file.getFileName().toString().startsWith("twice"))
                            .sorted())
                    .satisfiesExactly(
                            earlier -> assertThat(Files.readAllLines(earlier))
                                    .containsExactly("learner,character", "earlier"),
                            later -> assertThat(Files.readAllLines(later))
                                    .containsExactly("learner,character", "no-comma", "none-either"));
        }
    }

    private static Path rejected(String name) throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("rejected"))) {
            return all.filter(file -> file.getFileName().toString().startsWith(name + "-rejected-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void failureAndRestartInTheMiddle_loseNothing_andOpenNoSecondRoom() throws IOException {
        RefusingStep.refuse(REFUSED, 2);
        StringBuilder lines = new StringBuilder("learner,character\n");
        IntStream.range(0, 30).forEach(n -> lines.append("refused-").append(n).append(",repeated\n"));
        drop("repeated.csv", lines.toString());
        serai.replyTo(id("repeated.csv", 3));
        serai.restart(Map.of());
        awaitDone("repeated.csv");

        List<String> ids = IntStream.range(2, 32)
                .mapToObj(line -> id("repeated.csv", line))
                .toList();
        ids.forEach(id -> assertThat(serai.replyTo(id).path("status").asText()).isEqualTo("started"));
        // Behind what was published again of the same conversation.
        IntStream.range(0, 30)
                .forEach(n -> serai.publish(
                        "refused-" + n, Incoming.json("{'event_id':'behind-" + n + "','character_id':'other'}")));
        IntStream.range(0, 30).forEach(n -> serai.replyTo("behind-" + n));
        assertThat(RefusingStep.left(REFUSED)).isZero();
        ids.forEach(id -> assertThat(serai.repliesTo(id)).as(id).hasSize(1));
        assertThat(serai.connectCalls("repeated")).hasSize(30);
    }

    @Test
    void emptyFile_isDone() throws IOException {
        drop("empty.csv", "");

        awaitDone("empty.csv");
    }

    /** As the example's comment says: renamed into its place. */
    private static void drop(String name, String text) throws IOException {
        drop(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void drop(String name, byte[] text) throws IOException {
        Path written = Files.write(folder.resolve(name + ".part"), text);
        Files.setLastModifiedTime(written, FileTime.fromMillis(MODIFIED));
        Files.move(written, folder.resolve(name));
    }

    private static void awaitDone(String name) {
        await("done/" + name)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Files.exists(folder.resolve("done").resolve(name)) && !Files.exists(folder.resolve(name)));
    }

    private static String id(String file, int line) {
        return file + "-" + MODIFIED + "-" + line;
    }
}
