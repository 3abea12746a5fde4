package dev.serai.batch.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serai.batch.Job;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUpload;
import dev.serai.batch.JobsReader;
import dev.serai.batch.file.PreparedRows;
import dev.serai.kafka.TopicSetup;
import dev.serai.kafka.TopicSetupException;
import dev.serai.kafka.TopicSpec;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.SharedBroker;
import dev.serai.wire.event.SampleRules;
import dev.serai.wire.event.StartEventDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@BesideOthers
@Timeout(120)
class ProvisionFileTest {
    private static final int START_TAKES = 50_000;
    private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());

    private final String suffix = "." + UUID.randomUUID();
    private final JobTopics topics = new JobTopics("jobs" + suffix, "rows" + suffix);
    private final String start = "start" + suffix;
    private final String replies = "replies" + suffix;

    @AutoClose
    private final CamelContext camel = new DefaultCamelContext();

    @TempDir
    private Path directory;

    private TopicSetup setup;
    private JobFolder folder;

    @BeforeEach
    void setUp() throws Exception {
        Files.createDirectories(directory.resolve("in"));
        setup = new TopicSetup(KAFKA, true, Duration.ofSeconds(20));
        setup.ensure(List.of(new TopicSpec(start, 1, limit(START_TAKES)), new TopicSpec(replies, 1, Map.of())));
        var decoder = new StartEventDecoder(
                new StartEventDecoder.Rules(null, SampleRules.deadlines(), 200_000, Set.of(), Set.of("default")),
                SampleRules.replyTopics(replies));
        folder = folder(true, decoder);
    }

    private JobFolder folder(boolean createTopics, StartEventDecoder decoder) {
        return new JobFolder(
                directory.resolve("in"),
                directory.resolve("out"),
                KAFKA,
                topics,
                1,
                createTopics,
                start,
                replies,
                decoder,
                Clock.systemUTC());
    }

    private static Map<String, String> limit(int bytes) {
        return Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes));
    }

    @Test
    void rowsTopic_isCreatedSoThatItTakesWhateverTheStartTopicTakes() throws Exception {
        assertThat(provision(file(40_000))).startsWith(JobFolder.ACCEPTED);

        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topics.rows());
        try (Admin admin = Admin.create(KAFKA)) {
            Config settings = Objects.requireNonNull(admin.describeConfigs(List.of(resource))
                    .all()
                    .get(30, TimeUnit.SECONDS)
                    .get(resource));
            String limit = settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value();
            assertThat(Integer.parseInt(limit)).isEqualTo(START_TAKES + 64 * 1024);
        }
    }

    @Test
    void topicsThatMayNotBeCreated_areNotCreated_butNamedWithTheCommands() throws Exception {
        folder = folder(false, folder.decoder());
        Path file = file(10);

        assertThatExceptionOfType(TopicSetupException.class)
                .isThrownBy(() -> provision(file))
                .withMessageContainingAll(
                        "serai.kafka.create-topics is false",
                        "--create --topic " + topics.jobs() + " --partitions 1 --config cleanup.policy=compact",
                        "--create --topic " + topics.rows() + " --partitions 1 --config max.message.bytes=115536");
        assertThat(file).exists();
        try (Admin admin = Admin.create(KAFKA)) {
            assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS))
                    .doesNotContain(topics.jobs(), topics.rows());
        }
    }

    @Test
    void rowThatTheStartTopicWouldNotTake_isRejected_beforeThereIsAJob() throws Exception {
        Path file = file(60_000);

        assertThat(provision(file)).startsWith(JobFolder.REJECTED);
        assertThat(report()).contains("line 3", start, "max.message.bytes");
        assertThat(JobsReader.find(KAFKA, topics.jobs(), JobFolder.jobOf(file))).isEmpty();
    }

    @Test
    void rowThatTheRowsTopicDoesNotTake_isRejected_beforeThereIsAJob() throws Exception {
        setup.ensure(List.of(new TopicSpec(topics.rows(), 1, limit(10_000))));
        Path file = file(20_000);

        assertThat(provision(file)).startsWith(JobFolder.REJECTED);
        assertThat(report()).contains("line 3", topics.rows(), "max.message.bytes");
        assertThat(JobsReader.find(KAFKA, topics.jobs(), JobFolder.jobOf(file))).isEmpty();
    }

    /** As of a topic that took more when the job was begun. */
    @Test
    void rowThatKafkaRefusesOfAJobThatWasBegun_endsTheJob_andItsFileIsRejected() throws Exception {
        setup.ensure(List.of(new TopicSpec(topics.rows(), 1, limit(10_000))));
        setup.ensure(topics.specs(1));
        Path file = file(20_000);
        String job = begin(file);

        assertThat(provision(file)).startsWith(JobFolder.REJECTED);
        assertThat(report()).contains(job, "cancelled");
        assertThat(JobsReader.find(KAFKA, topics.jobs(), job)).get().matches(Job::isCancelled);
    }

    /** Its second row is a large one. */
    private Path file(int characters) throws IOException {
        return Files.writeString(
                directory.resolve("in").resolve("rows.csv"),
                "character_id,end_user_metadata.note\nguide,\nguide," + "a".repeat(characters) + "\n");
    }

    private Exchange exchange(Path file) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setHeader("CamelFileAbsolutePath", file.toString());
        return exchange;
    }

    /** Where the file is to go. */
    private String provision(Path file) throws Exception {
        Exchange exchange = exchange(file);
        new ProvisionFile(folder).process(exchange);
        return exchange.getProperty(ProvisionFile.MOVE_TO, String.class);
    }

    private String begin(Path file) throws Exception {
        String job = JobFolder.jobOf(file);
        FileOptions options = FileOptions.of(exchange(file).getMessage());
        Instant now = Instant.now();
        try (PreparedRows rows =
                        PreparedRows.of(file, job, options.input(), folder.decoder(), start, now, () -> false);
                JobUpload upload = JobUpload.open(KAFKA, topics, job)) {
            upload.begin(new JobSpec(
                    job,
                    now,
                    "tests",
                    file.toString(),
                    rows.rows(),
                    null,
                    null,
                    null,
                    null,
                    60_000,
                    "default",
                    start,
                    0,
                    replies,
                    Map.of(),
                    rows.digest(),
                    null));
        }
        return job;
    }

    private String report() throws IOException {
        try (Stream<Path> files = Files.list(folder.outbox())) {
            return Files.readString(files.findFirst().orElseThrow());
        }
    }
}
