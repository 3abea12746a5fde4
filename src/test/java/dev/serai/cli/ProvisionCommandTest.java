package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.batch.Job;
import dev.serai.batch.JobId;
import dev.serai.batch.JobPartitions;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUpload;
import dev.serai.batch.JobsReader;
import dev.serai.batch.client.JobInput;
import dev.serai.batch.client.UploadedRows;
import dev.serai.batch.file.InputOptions;
import dev.serai.batch.file.PreparedRows;
import dev.serai.batch.file.SampleOptions;
import dev.serai.kafka.TopicSetup;
import dev.serai.settings.SeraiSettings;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.RunningSerai;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs of files, from their command to their results. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class ProvisionCommandTest {
    @AutoClose
    private static ProvisionFixture fixture;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        fixture = new ProvisionFixture(Map.of());
    }

    @BeforeEach
    void forgetCalls() {
        fixture.serai.standIn().clearCalls();
    }

    private Path file(String name, String... lines) throws IOException {
        return Files.writeString(directory.resolve(name), String.join("\n", lines) + "\n");
    }

    private List<Job> jobs() {
        return JobsReader.all(
                Map.of("bootstrap.servers", fixture.serai.bootstrapServers()),
                fixture.serai.settings().kafka().jobTopic());
    }

    private Path manyLearners(int count) throws IOException {
        StringBuilder rows = new StringBuilder("end_user_id;character_id;note\n");
        for (int number = 1; number <= count; number++) {
            rows.append("learner-")
                    .append(number)
                    .append(';')
                    .append(character(number))
                    .append(";\"says\n;")
                    .append(number)
                    .append("\"\n");
        }
        return Files.writeString(directory.resolve("learners.csv"), rows);
    }

    private static String character(int number) {
        return number % 5 == 0 ? RunningSerai.UNKNOWN_CHARACTER : "guide-" + number % 7;
    }

    /** What others' tools got wrong: rows of one file in the other, and each other's rooms. */
    @Test
    void results_holdEachRowOnce_withItsOwnRoom_andThoseWithoutApart() throws Exception {
        Path learners = manyLearners(40);
        Path rooms = directory.resolve("rooms.jsonl");
        Path failed = directory.resolve("failed.csv");

        int exitCode =
                fixture.execute("run", learners, "--out", rooms, "--failed-out", failed, "--row-id", "end_user_id");

        assertThat(exitCode).as(fixture.commands.err()).isEqualTo(ExitCode.FAILED);
        assertThat(fixture.commands.out().lines()).containsExactly(fixture.job());
        ProvisionFixture.Results results = ProvisionFixture.results(rooms);
        Map<String, List<String>> calls = fixture.calledFor();
        assertThat(results.rows()).hasSize(40);
        for (int number = 1; number <= 40; number++) {
            JsonNode result = results.get(number);
            String learner = "learner-" + number;
            assertThat(result.path("row_id").asText()).isEqualTo(learner);
            assertThat(result.path("line").asInt()).isEqualTo(2 * number);
            assertThat(result.path("event_id").asText()).isEqualTo(fixture.job() + "/" + number + "/" + learner);
            assertThat(result.path("character_id").asText()).isEqualTo(character(number));
            assertThat(calls.get(learner)).containsExactly(character(number));
            assertThat(result.path("status").asText()).isEqualTo(number % 5 == 0 ? "failed" : "started");
            assertThat(result.path("category").asText("")).isEqualTo(number % 5 == 0 ? "character_not_found" : "");
            assertThat(result.path("token").isTextual()).isEqualTo(number % 5 != 0);
            assertThat(result.has("session_id")).isFalse();
            assertThat(Instant.parse(result.path("answered_at").asText()))
                    .isBetween(Instant.now().minusSeconds(120), Instant.now());
        }
        assertThat(results.values().stream()
                        .map(result -> result.path("room_name").asText("")))
                .filteredOn(name -> !name.isEmpty())
                .doesNotHaveDuplicates()
                .hasSize(32);
        for (Path file : List.of(rooms, failed)) {
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
        assertThat(fixture.commands.err()).contains("32 of 40 rows have rooms; failed: character_not_found 8");

        // The failed rows are a file as the first one was.
        Files.writeString(failed, Files.readString(failed).replace(RunningSerai.UNKNOWN_CHARACTER, "guide-0"));
        Path csv = directory.resolve("again.csv");
        assertThat(fixture.execute("run", failed, "--out", csv, "--row-id", "end_user_id", "--redact"))
                .as(fixture.commands.err())
                .isEqualTo(ExitCode.OK);
        List<String> lines = Files.readAllLines(csv);
        assertThat(lines).hasSize(9);
        assertThat(lines.getFirst())
                .startsWith("row,row_id,line,status,category,detail,event_id")
                .doesNotContain("token", "room_url", ",session_id");
        assertThat(lines.subList(1, 9)).allMatch(line -> line.matches("\\d,learner-\\d+,\\d+,started,,,.*"));
    }

    @Test
    void badRows_areReported_andNothingIsSent() throws Exception {
        Path rows = file("rows.csv", "character_id,ttl_ms", "guide,", "guide,soon", ",5000", "guide");
        int before = jobs().size();

        int exitCode = fixture.execute("run", rows, "--out", directory.resolve("rooms.csv"));

        assertThat(exitCode).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(fixture.commands.out()).isEmpty();
        assertThat(fixture.commands.err())
                .contains(
                        "rows.csv, line 3, column ttl_ms: /ttl_ms: must be a whole number",
                        "rows.csv, line 4, column character_id: /character_id: is required",
                        "rows.csv, line 5: must have 2 cells",
                        "nothing was sent");
        assertThat(jobs()).hasSize(before);
        assertThat(directory.resolve("rooms.csv")).doesNotExist();
    }

    @Test
    void badRows_thatAreLeftOut_areInTheResults() throws Exception {
        Path rows = file("rows.csv", "character_id,ttl_ms", "guide,", "guide,soon", "guide,9000");
        Path rooms = directory.resolve("rooms.jsonl");
        Path failed = directory.resolve("failed.csv");

        int exitCode = fixture.execute("run", rows, "--out", rooms, "--failed-out", failed, "--skip-invalid");

        assertThat(exitCode).as(fixture.commands.err()).isEqualTo(ExitCode.FAILED);
        ProvisionFixture.Results results = ProvisionFixture.results(rooms);
        assertThat(results.rows()).hasSize(3);
        assertThat(results.get(2).path("status").asText()).isEqualTo("invalid");
        assertThat(results.get(2).path("detail").asText()).startsWith("line 3, column ttl_ms");
        assertThat(results.get(1).path("status").asText()).isEqualTo("started");
        assertThat(results.get(3).path("status").asText()).isEqualTo("started");
        assertThat(Files.readAllLines(failed)).containsExactly("character_id,ttl_ms");

        String job = fixture.job();
        Path later = directory.resolve("later.jsonl");
        assertThat(fixture.execute("results", job, "--out", later)).isEqualTo(ExitCode.FAILED);
        assertThat(ProvisionFixture.results(later)).isEqualTo(results);
        Files.writeString(rows, "another");
        Path without = directory.resolve("without.jsonl");
        assertThat(fixture.execute("results", job, "--out", without)).isEqualTo(ExitCode.OK);
        assertThat(fixture.commands.err()).contains("which rows were left out, or not uploaded, is not known any more");
        assertThat(ProvisionFixture.results(without).rows()).hasSize(2);
    }

    @Test
    void badRows_areInTheResultsByTheirOwnNames_asFarAsTheyHaveOne() throws Exception {
        Path rows = file(
                "rows.csv",
                "who,character_id,ttl_ms",
                "anna,guide,soon",
                "ben,guide,9000",
                "ben,guide,9000",
                ",guide,9000",
                "eve,guide");
        Path rooms = directory.resolve("rooms.jsonl");

        fixture.execute("run", rows, "--out", rooms, "--row-id", "who", "--skip-invalid");

        ProvisionFixture.Results results = ProvisionFixture.results(rooms);
        assertThat(results.rows()).as(fixture.commands.err()).hasSize(5);
        assertThat(Stream.of(1, 3, 4, 5)
                        .map(row -> results.get(row).path("status").asText()))
                .containsOnly("invalid");
        assertThat(Stream.of(1, 2, 3, 4, 5)
                        .map(row -> results.get(row).path("row_id").asText("")))
                .containsExactly("anna", "ben", "ben", "", "");
    }

    @Test
    void resultsThatCannotBeCreated_leaveNoJob_andAJobThatIsNotBegunNoResults() throws Exception {
        Path rows = file("rows.csv", "character_id", "guide");
        int before = jobs().size();
        // No file system has names that are so long; that its folder is there is all that can be seen before.
        Path rooms = directory.resolve("r".repeat(300) + ".csv");

        assertThat(fixture.execute("run", rows, "--out", rooms)).isEqualTo(ExitCode.FAILED);

        assertThat(fixture.commands.err()).contains("cannot be made").doesNotContain("the job stays");
        assertThat(fixture.commands.out()).isEmpty();
        assertThat(jobs()).hasSize(before);

        Path none = directory.resolve("none.csv");
        assertThat(fixture.execute(
                        "run", rows, "--out", none, "--set", "serai.kafka.reply-topic=nowhere-" + System.nanoTime()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(fixture.commands.out()).isEmpty();
        assertThat(none).doesNotExist();
        assertThat(jobs()).hasSize(before);
    }

    @Test
    void resume_withAFileThatHoldsSomethingElse_isWrongUsage() throws Exception {
        Path learners = manyLearners(2);
        Path rooms = directory.resolve("rooms.csv");
        fixture.execute("run", learners, "--out", rooms);
        String job = fixture.job();
        String written = Files.readString(rooms);
        Path mine = file("mine.csv", "learner,figure", "anna,guide");
        Path folder = Files.createDirectory(directory.resolve("folder.csv"));

        for (Path out : List.of(mine, folder, directory.resolve("no/rooms.csv"))) {
            assertThat(fixture.execute("resume", job, "--out", out))
                    .as(out + ": " + fixture.commands.err())
                    .isEqualTo(ExitCode.WRONG_USAGE);
            assertThat(fixture.commands.err()).contains("--out: " + out);
        }
        assertThat(fixture.execute("resume", job, "--out", rooms, "--redact")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(fixture.commands.err()).contains("has other columns");
        assertThat(rooms).hasContent(written);
    }

    /** A resumed job waits for that, where its service ends with the command. */
    @Test
    void longestRoom_isThatOfTheRowThatSaysSo() throws Exception {
        Path rows = file("rows.csv", "character_id,close_after_ms", "guide,", "guide,700000", "guide,300000");
        assertThat(fixture.execute("run", rows, "--out", directory.resolve("rooms.csv"), "--close-after", "5m"))
                .as(fixture.commands.err())
                .isEqualTo(ExitCode.OK);

        assertThat(UploadedRows.longestRoom(
                        Map.of("bootstrap.servers", fixture.serai.bootstrapServers()),
                        ProvisionJobCommand.topics(fixture.serai.settings()),
                        fixture.job()))
                .isEqualTo(Duration.ofSeconds(700));
    }

    @Test
    void dryRunOfOneRow_doesNotWarnOfReplies_whichItsJobCannotOutlast() throws Exception {
        Path one = file("one.csv", "character_id", "guide");
        assertThat(fixture.execute("run", one, "--dry-run")).isEqualTo(ExitCode.OK);
        assertThat(fixture.commands.out())
                .contains("rows       1 good", "time       all at once, ", "replies    kept for 1h")
                .doesNotContain("shorter than the job may take");

        Path two = file("two.csv", "character_id", "guide", "guide");
        assertThat(fixture.execute("run", two, "--dry-run")).isEqualTo(ExitCode.OK);
        assertThat(fixture.commands.out()).contains("shorter than the job may take");
    }

    @Test
    void dryRun_leavesOutTheSlotsThatAreKeptForLiveCallers() throws Exception {
        Path rows = file("rows.csv", "who,character_id", "anna,guide", "ben,guide", "eve,guide", "joe,guide");

        int code = fixture.execute(
                "run",
                rows,
                "--dry-run",
                "--close-after",
                "10m",
                "--set",
                "serai.connect.max-sessions=5",
                "--set",
                "serai.connect.live-reserve=3");

        assertThat(code).as(fixture.commands.err()).isEqualTo(ExitCode.OK);
        assertThat(fixture.commands.out())
                .contains("2 at once at most, each for 10m", "time       at least 10 min 0 s");
    }

    @Test
    void dryRun_saysWhatWouldBe_andSendsNothing() throws Exception {
        Path rows = file(
                "rows.csv",
                "who,figure,connect_options.debug,end_user_metadata.token,extra",
                "anna,guide,true,s3cret-of-anna,x",
                "ben,guide,true,,");
        int before = jobs().size();
        Object[] command = {
            "run",
            rows,
            "--dry-run",
            "--map",
            "figure=character_id",
            "--set",
            "end_user_id=all",
            "--row-id",
            "who",
            "--max-open",
            "1",
            "--close-after",
            "10m",
            "--set",
            "serai.connect.allowed-options=debug"
        };

        assertThat(fixture.execute(command)).as(fixture.commands.err()).isEqualTo(ExitCode.OK);

        assertThat(fixture.commands.out())
                .contains(
                        "line 2, key anna: {\"",
                        "\"end_user_id\":\"all\"",
                        "\"priority\":\"batch\"",
                        "rows       2 good, 0 bad",
                        "1 at once at most, each for 10m",
                        "time       at least 10 min 0 s, from",
                        "not used   columns extra")
                .doesNotContain("s3cret-of-anna");
        assertThat(jobs()).hasSize(before);

        Object[] asJson = Arrays.copyOf(command, command.length + 1);
        asJson[command.length] = "--json";
        assertThat(fixture.execute(asJson)).isEqualTo(ExitCode.OK);
        JsonNode forecast = Json.MAPPER.readTree(fixture.commands.out());
        assertThat(forecast.path("lasts_ms").asLong()).isEqualTo(600_000);
        assertThat(forecast.path("slots").asInt()).isEqualTo(1);
        assertThat(forecast.path("events")).hasSize(2);
    }

    @Test
    void detachedJob_isDoneByTheService_andItsResultsAreCollectedAfter() throws Exception {
        Path learners = manyLearners(10);
        assertThat(fixture.execute("run", learners, "--detach"))
                .as(fixture.commands.err())
                .isEqualTo(ExitCode.OK);
        String job = fixture.job();
        assertThat(fixture.commands.err()).contains("10 rows uploaded: the service goes on");

        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(fixture.execute("status", job, "--json")).isEqualTo(ExitCode.OK);
            JsonNode status = Json.MAPPER.readTree(fixture.commands.out());
            assertThat(status.path("state").asText()).isEqualTo("finished");
            assertThat(status.path("started").asInt()).isEqualTo(8);
            assertThat(status.at("/failed/character_not_found").asInt()).isEqualTo(2);
        });
        assertThat(fixture.execute("status")).isEqualTo(ExitCode.OK);
        assertThat(fixture.commands.out())
                .containsPattern(job
                        + "  finished  10/10: 8 rooms, 2 failed \\(character_not_found 2\\), \\d open, 0 waiting\\R");
        assertThat(fixture.execute("status", job)).isEqualTo(ExitCode.OK);
        assertThat(fixture.commands.out()).contains("file learners.csv, by ", "10 events handed over");

        Path rooms = directory.resolve("rooms.jsonl");
        Path failed = directory.resolve("failed.csv");
        assertThat(fixture.execute("results", job, "--out", rooms, "--failed-out", failed, "--with-session-id"))
                .as(fixture.commands.err())
                .isEqualTo(ExitCode.FAILED);
        ProvisionFixture.Results results = ProvisionFixture.results(rooms);
        assertThat(results.rows()).hasSize(10);
        assertThat(results.get(1).path("session_id").asText()).isNotEmpty();
        assertThat(results.get(1).path("line").asInt()).isEqualTo(2);
        assertThat(Files.readString(failed)).startsWith("end_user_id;character_id;note\nlearner-5;");
        assertThat(fixture.execute("cancel", job)).as(fixture.commands.err()).isEqualTo(ExitCode.OK);
        assertThat(fixture.commands.err()).contains("; finished");
    }

    @Test
    void cancelledJob_opensNoMoreRooms_andItsResultsNameTheOthers() throws Exception {
        Path learners = manyLearners(30);
        assertThat(fixture.execute("run", learners, "--detach", "--rate", "1", "--map", "note=dynamic_info.text"))
                .as(fixture.commands.err())
                .isEqualTo(ExitCode.OK);
        String job = fixture.job();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !fixture.calledFor()
                .isEmpty());

        assertThat(fixture.execute("cancel", job)).as(fixture.commands.err()).isEqualTo(ExitCode.OK);
        assertThat(fixture.commands.err()).contains("; cancelled");

        Path rooms = directory.resolve("rooms.jsonl");
        Path failed = directory.resolve("failed.csv");
        assertThat(fixture.execute("results", job, "--out", rooms, "--failed-out", failed))
                .isEqualTo(ExitCode.FAILED);
        ProvisionFixture.Results results = ProvisionFixture.results(rooms);
        assertThat(results.rows()).hasSize(30);
        assertThat(results.get(1).path("status").asText()).isEqualTo("started");
        assertThat(results.get(30).path("status").asText()).isEqualTo("cancelled");
        long withRoom = results.values().stream()
                .filter(result -> result.path("status").asText().equals("started"))
                .count();
        assertThat(fixture.calledFor()).hasSizeLessThan(30);
        assertThat(Files.readString(failed).split("\nlearner-")).hasSize(31 - (int) withRoom);
    }

    @Test
    void jobThatIsCancelledBeforeAllIsUploaded_hasAResultForEachRow() throws Exception {
        Path learners = manyLearners(12);
        String job = JobId.create(Instant.now());
        uploadHalf(job, learners);
        assertThat(fixture.execute("cancel", job)).as(fixture.commands.err()).isEqualTo(ExitCode.OK);

        for (String command : List.of("resume", "results")) {
            Path rooms = directory.resolve(command + ".jsonl");
            Path failed = directory.resolve(command + ".csv");
            assertThat(fixture.execute(command, job, "--out", rooms, "--failed-out", failed))
                    .as(fixture.commands.err())
                    .isEqualTo(ExitCode.FAILED);

            ProvisionFixture.Results results = ProvisionFixture.results(rooms);
            assertThat(results.rows()).hasSize(12);
            for (int number = 6; number <= 12; number++) {
                assertThat(results.get(number).path("status").asText()).isEqualTo("cancelled");
                assertThat(results.get(number).path("row_id").asText()).isEqualTo("learner-" + number);
                assertThat(results.get(number).path("line").asInt()).isEqualTo(2 * number);
            }
            assertThat(Files.readString(failed)).contains("learner-6;", "learner-12;");
        }
        assertThat(fixture.calledFor()).hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void results_thatWereCutOff_areGoneOnWith() throws Exception {
        Path learners = manyLearners(12);
        Path rooms = directory.resolve("rooms.jsonl");
        assertThat(fixture.execute("run", learners, "--out", rooms)).isEqualTo(ExitCode.FAILED);
        String job = fixture.job();
        List<String> lines = Files.readAllLines(rooms);
        Files.writeString(
                rooms,
                String.join("\n", lines.subList(0, 7)) + "\n" + lines.get(7).substring(0, 30));

        assertThat(fixture.execute("resume", job, "--out", rooms, "--json"))
                .as(fixture.commands.err())
                .isEqualTo(ExitCode.FAILED);

        JsonNode summary = Json.MAPPER.readTree(fixture.commands.out().lines().reduce("", (before, line) -> line));
        assertThat(summary.path("exit_code").asInt()).isEqualTo(ExitCode.FAILED);
        assertThat(summary.path("started").asInt()).isEqualTo(10);
        assertThat(summary.at("/failed/character_not_found").asInt()).isEqualTo(2);
        assertThat(ProvisionFixture.results(rooms).rows()).hasSize(12);
        assertThat(Files.readAllLines(rooms).subList(0, 7)).isEqualTo(lines.subList(0, 7));
        assertThat(fixture.execute("resume", job, "--out", rooms, "--redact")).isNotZero();
        assertThat(fixture.commands.err()).contains("has other columns");
    }

    @Test
    void rowsThatWereNotUploaded_areUploadedByResume_fromTheSameFileOnly() throws Exception {
        Path learners = manyLearners(12);
        String job = JobId.create(Instant.now());
        uploadHalf(job, learners);
        Path rooms = directory.resolve("rooms.jsonl");
        String content = Files.readString(learners);

        Files.writeString(learners, content.replace("learner-11", "another"));
        assertThat(fixture.execute("resume", job, "--out", rooms)).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(fixture.commands.err()).contains("learners.csv is not what it was when the job began");

        Files.writeString(learners, content);
        assertThat(fixture.execute("resume", job, "--out", rooms))
                .as(fixture.commands.err())
                .isEqualTo(ExitCode.FAILED);
        ProvisionFixture.Results results = ProvisionFixture.results(rooms);
        assertThat(results.rows()).hasSize(12);
        assertThat(results.get(12).path("row_id").asText()).isEqualTo("learner-12");
        assertThat(results.get(12).path("line").asInt()).isEqualTo(24);
        assertThat(fixture.calledFor()).hasSize(12).allSatisfy((learner, calls) -> assertThat(calls)
                .hasSize(1));
    }

    @Test
    void rowThatItsTopicsDoNotTake_isNamed_andThereIsNoJob() throws Exception {
        String start = fixture.serai.settings().kafka().startTopic();
        int before = jobs().size();
        Path rooms = directory.resolve("rooms.jsonl");
        Path learners =
                file("large.csv", "character_id,end_user_metadata.note", "guide,", "guide," + "a".repeat(30_000));
        fixture.serai.configureTopic(start, "max.message.bytes", "20000");
        try {
            assertThat(fixture.execute("run", learners, "--out", rooms)).isEqualTo(ExitCode.WRONG_USAGE);
        } finally {
            fixture.serai.configureTopic(start, "max.message.bytes", "1048588");
        }
        assertThat(fixture.commands.err()).contains("large.csv, line 3 must be smaller", start, "20000");
        assertThat(rooms).doesNotExist();
        assertThat(jobs()).hasSize(before);
    }

    @Test
    void topicsThatMayNotBeCreated_areNamed_andThereIsNoJob() throws Exception {
        Path rooms = directory.resolve("rooms.jsonl");
        Path learners = manyLearners(1);

        assertThat(fixture.execute(
                        "run",
                        learners,
                        "--out",
                        rooms,
                        "--set",
                        "serai.kafka.create-topics=false",
                        "--set",
                        "serai.kafka.job-topic=jobs-of-nobody",
                        "--set",
                        "serai.kafka.job-row-topic=rows-of-nobody"))
                .isEqualTo(ExitCode.REFUSED);

        assertThat(fixture.commands.err())
                .contains(
                        "serai.kafka.create-topics is false",
                        "--create --topic jobs-of-nobody --partitions 4",
                        "--create --topic rows-of-nobody --partitions 4");
        assertThat(rooms).doesNotExist();
    }

    /** What a command leaves behind that is killed in the middle. */
    private void uploadHalf(String job, Path learners) throws Exception {
        SeraiSettings settings = fixture.serai.settings();
        Map<String, Object> kafka = Map.of("bootstrap.servers", fixture.serai.bootstrapServers());
        InputOptions options = SampleOptions.of(Map.of("note", "dynamic_info.text"), "end_user_id");

        JobTopics topics = ProvisionJobCommand.topics(settings);
        new TopicSetup(kafka, true, Duration.ofSeconds(20)).ensure(topics.specs(4));
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        try (PreparedRows rows = PreparedRows.of(
                        learners,
                        job,
                        options,
                        JobEvents.decoder(settings, "default"),
                        settings.kafka().startTopic(),
                        now,
                        () -> false);
                JobUpload upload = JobUpload.open(kafka, topics, job)) {
            upload.begin(new JobSpec(
                    job,
                    now,
                    "tests",
                    learners.toString(),
                    rows.rows(),
                    null,
                    null,
                    null,
                    null,
                    300_000,
                    "default",
                    settings.kafka().startTopic(),
                    upload.firstRowOffset(kafka),
                    settings.kafka().replyTopic(),
                    JobPartitions.ends(kafka, settings.kafka().replyTopic()),
                    rows.digest(),
                    new JobInput(options, rows.fileDigest(), rows.invalid()).json()));
            upload.add(rows.from(0).limit(5).toList(), false, InstantSource.system());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run rows.csv                                       | --out RESULTS is needed",
                "run rows.csv --out rooms.txt                       | --out must name a file that ends in .csv or"
                        + " .jsonl",
                "run rows.csv --out rows.csv                        | rows.csv is there already: name another",
                "run rows.csv --out no/rooms.csv                    | its folder is not there",
                "run none.csv --out rooms.csv                       | none.csv must be a file that exists",
                "run rows.csv --out r.csv --failed-out f.jsonl      | f.jsonl must have a name that ends in .csv",
                "run rows.csv --out rooms.csv --failed-out rooms.csv | --failed-out must be another file than --out",
                "run rows.csv --out rooms.csv --at 2001-01-01T10:00 | --at is 2001-01-01T",
                "run rows.csv --out rooms.csv --window 8            | --window must be two times of day",
                "run rows.csv --out rooms.csv --at soon             | --at must be a date and time such as",
                "run rows.csv --out rooms.csv --zone Mars           | --zone must be a zone such as Europe/Berlin",
                "run rows.csv --out rooms.csv --rate 0              | --rate must be above 0",
                "run rows.csv --out rooms.csv --max-open 0          | --max-open must be 1 to",
                "run rows.csv --out rooms.csv --close-after 2d      | --close-after must be at least 1s and at most 1d",
                "run rows.csv --out rooms.csv --row-id nobody       | there is no column nobody",
                "run rows.csv --out rooms.csv --set event_id=x      | --set event_id cannot set event_id",
                "run rows.csv --out rooms.csv --embedded            | --embedded is for who has no Kafka",
                "run rows.csv --detach --out rooms.csv              | --detach leaves the job",
                "status nobody                                      | there is no job nobody",
                "cancel NOBODY!                                     | JOB must be the id of a job",
                "results nobody --out rooms.csv                     | there is no job nobody"
            })
    void wrongUsage_isSaid(String command, String message) throws Exception {
        file("rows.csv", "character_id", "guide");
        Object[] arguments = Stream.of(command.strip().split(" ", -1))
                .map(argument -> argument.matches(".*\\.(csv|jsonl|txt)") ? directory.resolve(argument) : argument)
                .toArray();

        assertThat(fixture.execute(arguments)).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(fixture.commands.err()).contains(message);
        assertThat(fixture.commands.out()).isEmpty();
    }
}
