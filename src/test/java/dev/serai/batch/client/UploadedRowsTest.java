package dev.serai.batch.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.batch.JobId;
import dev.serai.batch.JobRow;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUpload;
import dev.serai.kafka.TopicSetup;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.SharedBroker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@BesideOthers
@Timeout(120)
class UploadedRowsTest {
    private static final int ROWS = 200;

    private final String suffix = "." + UUID.randomUUID();
    private final JobTopics topics = new JobTopics("jobs" + suffix, "rows" + suffix);
    private final String job = JobId.create(Instant.now());

    @Test
    void rowsThatTakeLong_areReadToTheirEnd_asLongAsSomeCome() throws Exception {
        Map<String, Object> kafka = Map.of("bootstrap.servers", SharedBroker.bootstrapServers(), "max.poll.records", 1);
        new TopicSetup(kafka, true, Duration.ofSeconds(20)).ensure(topics.specs(1));
        try (JobUpload upload = JobUpload.open(kafka, topics, job)) {
            upload.begin(spec());
            upload.add(
                    LongStream.rangeClosed(1, ROWS)
                            .mapToObj(number -> new JobRow(number, null, null, "{}".getBytes(UTF_8)))
                            .toList(),
                    true,
                    Clock.systemUTC());
        }
        AtomicLong nanos = new AtomicLong();
        List<Integer> turns = new ArrayList<>();

        UploadedRows.read(
                kafka,
                topics,
                job,
                () -> nanos.addAndGet(Duration.ofSeconds(1).toNanos()),
                row -> turns.add(row.turn()));

        assertThat(turns).hasSize(ROWS);
    }

    private JobSpec spec() {
        return new JobSpec(
                job,
                Instant.now(),
                "tests",
                "rows.csv",
                ROWS,
                null,
                null,
                null,
                null,
                60_000,
                "default",
                "start",
                0,
                "replies",
                Map.of(),
                "digest",
                null);
    }
}
