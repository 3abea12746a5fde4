package dev.serai.operate.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.http.Transport;
import dev.serai.operate.doctor.Found.Status;
import dev.serai.settings.Settings;
import dev.serai.testing.BesideOthers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How checks are run, whatever they look at. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
class DoctorTest {
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @Test
    void checkThatThrows_orHangs_isAnErrorOfItsOwn_andTheOthersGoOn() throws Exception {
        try (Doctor doctor = doctor(Duration.ofMillis(300))) {
            Report report = doctor.examine(EnumSet.of(
                    CheckName.HTTP, CheckName.ROUTES, CheckName.SOURCES, CheckName.MAPPINGS, CheckName.POLL));

            assertThat(lines(report))
                    .containsExactly(
                            "HTTP ERROR this check failed: java.lang.IllegalStateException: a defect",
                            "ROUTES ERROR this check has not ended within 300 ms, and was given up",
                            "SOURCES OK all are reached",
                            "MAPPINGS ERROR this check was refused by Kafka: none of that",
                            "POLL ERROR this check may not ask what it asks: Not authorized to access topics: [x]");
            assertThat(report.lines().getFirst().found().remedy()).contains("./serai doctor --only http");
            assertThat(report.isBlocked()).isFalse();
            assertThat(interrupted.await(20, TimeUnit.SECONDS))
                    .as("it is not left running")
                    .isTrue();
        }
    }

    @Test
    void kafkaThatDoesNotAnswer_isTold_whereACheckNeedsIt() throws Exception {
        try (Doctor doctor = doctor(Duration.ofSeconds(20))) {
            Report report = doctor.examine(EnumSet.of(CheckName.RETENTION, CheckName.SOURCES));

            assertThat(lines(report))
                    .satisfiesExactly(
                            broker -> assertThat(broker).startsWith("BROKER ERROR Kafka at 127.0.0.1:1 did not answer"),
                            skipped -> assertThat(skipped)
                                    .isEqualTo("RETENTION SKIPPED not looked at, as Kafka cannot be asked"),
                            other -> assertThat(other).isEqualTo("SOURCES OK all are reached"));
            assertThat(report.isBlocked()).isTrue();
        }
    }

    @Test
    void longestChecks_oneAfterTheOther_endWithinHalfAMinute() {
        assertThat(Doctor.longest()).isLessThan(Duration.ofSeconds(28));
    }

    @Test
    void secretsInFindings_areMasked() {
        Report report = new Report(List.of(new Report.Line(
                CheckName.PROVIDER, Found.error("session_id=11111111-2222-4333-8444-555555555555 is open", "end it"))));

        assertThat(report.json().toString()).doesNotContain("11111111-2222-4333-8444-555555555555");
    }

    private static List<String> lines(Report report) {
        List<String> lines = new ArrayList<>();
        report.lines()
                .forEach(line -> lines.add(line.check() + " " + line.found().status() + " "
                        + line.found().text()));
        return Collections.unmodifiableList(lines);
    }

    private Doctor doctor(Duration limit) throws Exception {
        Deployment deployment = new Deployment(
                Settings.load(Map.of(), Path.of("/dev/null"), Map.of()).values(),
                Map.of("bootstrap.servers", "127.0.0.1:1"),
                "one",
                Map.of(),
                new Transport(limit, limit, limit, limit, null, null),
                List.of());
        return new Doctor(deployment, new Staged(), name -> limit);
    }

    /** One that throws, one that hangs, one that is well, and what Kafka's clients throw. */
    private final class Staged implements StartLook {
        @Override
        public List<Found> http() {
            throw new IllegalStateException("a defect");
        }

        @Override
        public List<Found> routes() throws InterruptedException {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return List.of();
        }

        @Override
        public List<Found> sources() {
            return List.of(Found.of(Status.OK, "all are reached"));
        }

        @Override
        public List<Found> mappings() {
            throw new KafkaException("none of that");
        }

        @Override
        public List<Found> poll() {
            throw new TopicAuthorizationException(Set.of("x"));
        }

        @Override
        public List<Found> topics() {
            return List.of();
        }

        @Override
        public List<Found> rights() {
            return List.of();
        }
    }
}
