package dev.serai.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.kafka.TopicSetup;
import dev.serai.kafka.TopicSpec;
import dev.serai.kafka.WriteRefusedException;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.TopicReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@BesideOthers
@Timeout(120)
class JobUploadTest {
    private static final String SUFFIX = "." + UUID.randomUUID();
    private static final JobTopics TOPICS = new JobTopics("jobs" + SUFFIX, "rows" + SUFFIX);
    private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", SharedBroker.bootstrapServers());
    private static final Instant DUE = Instant.parse("2026-11-26T08:00:00.250Z");

    private final String job = JobId.create(Instant.now());

    @BeforeAll
    static void createTopics() throws InterruptedException {
        var small = new TopicSpec(TOPICS.rows(), 3, Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "10000"));
        TopicSetup setup = new TopicSetup(KAFKA, true, Duration.ofSeconds(20));
        setup.ensure(List.of(small));
        setup.ensure(TOPICS.specs(3));
    }

    @Test
    void job_isReadAsItWasWritten() {
        JobSpec spec = spec(2);
        try (JobUpload upload = JobUpload.open(KAFKA, TOPICS, job)) {
            assertThat(upload.found()).isEmpty();
            upload.begin(spec);
            upload.add(List.of(row(2, DUE), row(1, null)), true, Clock.systemUTC());
        }
        JobUpload.cancel(KAFKA, TOPICS, job, "somebody", DUE);

        Job read = JobsReader.find(KAFKA, TOPICS.jobs(), job).orElseThrow();
        assertThat(read.spec()).isEqualTo(spec);
        JobUploaded uploaded = Objects.requireNonNull(read.uploaded());
        assertThat(uploaded.rows()).isEqualTo(2);
        assertThat(uploaded.complete()).isTrue();
        assertThat(read.command()).isEqualTo(new JobCommand(JobCommand.CANCEL, "somebody", DUE));
        assertThat(read.run()).isNull();
        assertThat(JobsReader.all(KAFKA, TOPICS.jobs())).contains(read);
        List<ConsumerRecord<byte[], byte[]>> rows = rows();
        assertThat(rows).hasSize(2);
        assertThat(rows.getLast().offset()).isEqualTo(uploaded.lastOffset());
        JobRow first = read(rows.getFirst());
        assertThat(first.number()).isEqualTo(2);
        assertThat(first.due()).isEqualTo(DUE);
        assertThat(first.event()).isEqualTo("{\"n\":2}".getBytes(UTF_8));
        assertThat(read(rows.getLast()).due()).isNull();
        assertThat(JobRow.of("another", rows.getFirst())).isNull();
    }

    @Test
    void secondUpload_endsTheFirst_andGoesOnWhereItWas() {
        try (JobUpload first = JobUpload.open(KAFKA, TOPICS, job)) {
            first.begin(spec(3));
            first.add(List.of(row(1, null), row(2, null)), false, Clock.systemUTC());
            try (JobUpload second = JobUpload.open(KAFKA, TOPICS, job)) {
                assertThatThrownBy(() -> first.add(List.of(row(3, null)), true, Clock.systemUTC()))
                        .isInstanceOf(ProducerFencedException.class);
                assertThat(second.uploaded().rows()).isEqualTo(2);
                second.add(List.of(row(3, null)), true, Clock.systemUTC());
            }
        }
        assertThat(rows().stream().map(row -> read(row).number())).containsExactly(1L, 2L, 3L);
    }

    @Test
    void rowThatKafkaRefuses_isSaid_andNothingOfItsCallIsThere() {
        try (JobUpload upload = JobUpload.open(KAFKA, TOPICS, job)) {
            upload.begin(spec(2));
            JobRow large = new JobRow(2, null, null, new byte[20_000]);
            assertThatThrownBy(() -> upload.add(List.of(row(1, null), large), true, Clock.systemUTC()))
                    .isInstanceOf(WriteRefusedException.class);
            upload.add(List.of(row(1, null)), true, Clock.systemUTC());
            assertThat(upload.uploaded().rows()).isEqualTo(1);
        }
        assertThat(rows()).hasSize(1);
    }

    @Test
    void unreadableRecord_countsAsNone_andOthersAreRead() {
        JobRecords records = new JobRecords();
        byte[] key = "one/spec".getBytes(UTF_8);
        assertThat(records.take(key, "{".getBytes(UTF_8))).contains("one");
        assertThat(records.take("one/else".getBytes(UTF_8), key)).isEmpty();
        assertThat(records.take(null, key)).isEmpty();
        assertThat(records.take("NO/spec".getBytes(UTF_8), key)).isEmpty();
        assertThat(records.job("one")).isEmpty();
        var spec = JobRecords.of("jobs", 0, spec(1));
        records.take(spec.key(), spec.value());
        assertThat(records.job(job)).isPresent();
        JobRecords.tombstones("jobs", 0, job).forEach(gone -> records.take(gone.key(), gone.value()));
        assertThat(records.job(job)).isEmpty();
        assertThat(records.ids()).containsExactly("one");
    }

    /** Each would end the look of all jobs, or the turn of all that one replica runs. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            command | {}
            command | {"command":null,"by":"b","at":"2026-11-26T08:00:00Z"}
            command | {"command":"cancel","by":"b"}
            command | null
            command | [7]
            spec    | {}
            spec    | {"job":"one","rows":1,"deadline_ms":1}
            upload  | {}
            run     | {}
            run     | {"job":"one","outstanding":[null]}
            """)
    void recordThatLacksWhatItMustSay_countsAsNone(String part, String value) {
        JobRecords records = new JobRecords();
        var spec = JobRecords.of("jobs", 0, spec(1));
        records.take(spec.key(), spec.value());
        Job before = records.job(job).orElseThrow();
        byte[] key = (job + "/" + part).getBytes(UTF_8);

        assertThat(records.take(key, value.getBytes(UTF_8))).contains(job);
        assertThat(records.job(job)).contains(before);
        assertThat(JobRecords.command(key, value.getBytes(UTF_8)).map(JobRecords.Asked::command))
                .isEmpty();
    }

    @Test
    void eventId_tellsItsRow() {
        assertThat(JobId.isValid(job)).isTrue();
        assertThat(JobId.eventId(job, 17, "")).isEqualTo(job + "/17");
        assertThat(JobId.rowNumber(job, JobId.eventId(job, 17, ""))).contains(17L);
        assertThat(JobId.rowNumber(job, JobId.eventId(job, 17, "a/b"))).contains(17L);
        assertThat(JobId.rowNumber(job, job + "x/17")).isEmpty();
        assertThat(JobId.rowNumber(job, job + "/x")).isEmpty();
        assertThat(JobId.rowNumber(job, job + "/")).isEmpty();
    }

    private JobSpec spec(long rows) {
        return new JobSpec(
                job,
                Instant.parse("2026-11-26T07:00:00Z"),
                "somebody",
                "learners.csv",
                rows,
                new JobSpec.Window(LocalTime.of(8, 0), LocalTime.of(18, 0), ZoneId.of("Europe/Berlin")),
                2.5,
                30,
                20L * 60_000,
                60_000,
                "default",
                "conversation.start",
                0,
                "conversation.replies",
                Map.of(0, 17L, 1, 0L),
                "digest",
                null);
    }

    private static JobRow row(long number, @Nullable Instant due) {
        return new JobRow(number, due, "key".getBytes(UTF_8), ("{\"n\":" + number + "}").getBytes(UTF_8));
    }

    private JobRow read(ConsumerRecord<byte[], byte[]> row) {
        return Objects.requireNonNull(JobRow.of(job, row));
    }

    private List<ConsumerRecord<byte[], byte[]>> rows() {
        try (TopicReader reader = new TopicReader(SharedBroker.bootstrapServers(), TOPICS.rows())) {
            return reader.all().stream()
                    .filter(row -> JobRow.of(job, row) != null)
                    .toList();
        }
    }
}
