package dev.serai.batch.folder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.batch.JobSpec;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUpload;
import dev.serai.batch.client.JobInput;
import dev.serai.batch.client.RowUpload;
import dev.serai.batch.file.InputOptions;
import dev.serai.batch.file.PreparedRows;
import dev.serai.kafka.TopicSetup;
import dev.serai.kafka.TopicSpec;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.SharedBroker;
import dev.serai.wire.event.SampleRules;
import dev.serai.wire.event.StartEventDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Accepted files whose jobs are uploaded, and somebody who answers their rows in place of a service. */
@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(120)
class FolderResultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TURN = Duration.ofMillis(100);
    private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());

    private final String suffix = "." + UUID.randomUUID();
    private final JobTopics topics = new JobTopics("jobs" + suffix, "rows" + suffix);
    private final String replies = "replies" + suffix;

    @TempDir
    private Path directory;

    private JobFolder folder;

    @BeforeEach
    void setUp() throws InterruptedException {
        TopicSetup setup = new TopicSetup(KAFKA, true, Duration.ofSeconds(20));
        setup.ensure(topics.specs(1));
        setup.ensure(List.of(new TopicSpec(replies, 2, Map.of())));
        var decoder = new StartEventDecoder(
                new StartEventDecoder.Rules(null, SampleRules.deadlines(), 10_000, Set.of(), Set.of("default")),
                SampleRules.replyTopics(replies));
        folder = new JobFolder(
                directory.resolve("in"),
                directory.resolve("out"),
                KAFKA,
                topics,
                1,
                true,
                "start",
                replies,
                decoder,
                Clock.systemUTC());
    }

    @Test
    void filesWhoseJobsAreNotOver_keepNoOtherFromItsTurn_andGoOnWhereTheyWere() throws Exception {
        String first = accept(1, 2);
        String second = accept(2, 1);
        String third = accept(3, 1);
        try (FolderResults results = new FolderResults(folder, 1, TURN)) {
            results.start();
            answer(first + "/1", "");
            answer(third + "/1", "");
            assertThat(results(third)).hasSize(2);
            answer(first + "/2", "");
            answer(second + "/1", "");

            assertThat(results(first)).hasSize(3);
            assertThat(results(second)).hasSize(2);
        }
        assertThat(folder.below(JobFolder.DONE, first, name(1))).exists();
    }

    @Test
    void fileWhoseResultsCannotBeCollected_keepsNoOtherFromItsTurn() throws Exception {
        String troubled = accept(1, 1);
        Path hidden = hidden(troubled, name(1));
        Files.createDirectories(folder.outbox());
        Files.writeString(hidden, "of somebody else\n");
        String other = accept(2, 1);
        answer(other + "/1", "");
        try (FolderResults results = new FolderResults(folder, 1, TURN)) {
            results.start();

            assertThat(results(other)).hasSize(2);
        }
        assertThat(hidden).hasContent("of somebody else");
    }

    @Test
    void fileThatWasChangedSince_hasItsResults_withoutTheFailedRowsApart() throws Exception {
        String job = accept(1, 2);
        Path accepted = folder.below(JobFolder.ACCEPTED, job, name(1));
        Files.writeString(accepted, "another\n", StandardOpenOption.APPEND);
        answer(job + "/1", "");
        answer(job + "/2", "provider_error");
        try (FolderResults results = new FolderResults(folder, 1, TURN)) {
            results.start();

            assertThat(results(job)).hasSize(3);
            await("done").atMost(PATIENCE).until(() -> Files.exists(folder.below(JobFolder.DONE, job, name(1))));
        }
        assertThat(folder.out(job, name(1), "failed")).doesNotExist();
    }

    private static String name(int number) {
        return number + ".csv";
    }

    private Path hidden(String job, String name) {
        Path results = folder.out(job, name, "results");
        return results.resolveSibling("." + results.getFileName());
    }

    /** A file whose rows are uploaded; they come in the order of their numbers. */
    private String accept(int number, int rows) throws Exception {
        String job = "folder-%024x".formatted(number);
        Path file = folder.below(JobFolder.ACCEPTED, job, name(number));
        Files.createDirectories(file.getParent());
        Files.writeString(file, "character_id\n" + "guide\n".repeat(rows));
        InputOptions options = new InputOptions(
                Map.of(),
                Map.of(),
                null,
                null,
                null,
                null,
                Duration.ZERO,
                ZoneOffset.UTC,
                Duration.ofMinutes(5),
                null,
                false);
        try (PreparedRows prepared =
                        PreparedRows.of(file, job, options, folder.decoder(), "start", Instant.now(), () -> false);
                JobUpload upload = JobUpload.open(KAFKA, topics, job)) {
            upload.begin(new JobSpec(
                    job,
                    Instant.now(),
                    "tests",
                    name(number),
                    rows,
                    null,
                    null,
                    null,
                    null,
                    60_000,
                    "default",
                    "start",
                    0,
                    replies,
                    Map.of(),
                    prepared.digest(),
                    new JobInput(options, prepared.fileDigest(), 0).json()));
            RowUpload.of(prepared, upload, Clock.systemUTC(), () -> false, uploaded -> {});
        }
        return job;
    }

    /** An empty category is a room. */
    private void answer(String eventId, String category) throws Exception {
        String reply = category.isEmpty()
                ? "{\"status\":\"started\",\"event_id\":\"" + eventId + "\"}"
                : "{\"status\":\"failed\",\"event_id\":\"" + eventId + "\",\"error\":{\"category\":\"" + category
                        + "\"}}";
        try (var producer = new KafkaProducer<>(KAFKA, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(replies, eventId.getBytes(UTF_8), reply.getBytes(UTF_8)))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** The lines of its results, once they are there. */
    private List<String> results(String job) throws IOException {
        Path results = folder.out(job, Integer.parseInt(job.substring("folder-".length()), 16) + ".csv", "results");
        await("results of " + job).atMost(PATIENCE).until(() -> Files.exists(results));
        return Files.readAllLines(results);
    }
}
