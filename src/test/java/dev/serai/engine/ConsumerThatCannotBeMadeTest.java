package dev.serai.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.SharedBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As while the names of all brokers are gone, which a restart does not bring back. */
@BesideOthers
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ConsumerThatCannotBeMadeTest {
    @Test
    void consumersThatCannotBeMade_areTrouble_andNoSilence() {
        AtomicLong now = new AtomicLong();
        IntakeState intake = new IntakeState(now::get);
        Assignments assignments = new Assignments(10, Long.MAX_VALUE);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.bootstrapServers()));
                Arrivals arrivals = new Arrivals(new CommittedOffsets(admin, "g"), PartitionState.NONE)) {
            StartEventClients clients = new StartEventClients(
                    SampleReads.uncommitted(assignments, arrivals, admin, intake, new SampleReads.NothingHeard()));
            intake.polls(List.of());
            for (int i = 0; i < 3; i++) {
                now.addAndGet(Duration.ofMinutes(2).toNanos());

                assertThatThrownBy(() -> clients.getConsumer(
                                SampleReads.consumer(Map.of("bootstrap.servers", "no-such-host.invalid:9092"), "g")))
                        .isInstanceOf(KafkaException.class);

                assertThat(intake.silentFor()).isZero();
                assertThat(intake.trouble()).hasValueSatisfying(trouble -> assertThat(trouble.text())
                        .contains("no consumer", "bootstrap.servers"));
            }
        }
    }
}
