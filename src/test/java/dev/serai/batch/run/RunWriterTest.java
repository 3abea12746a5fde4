package dev.serai.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.batch.JobRun.Wait;
import dev.serai.testing.BesideOthers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@BesideOthers
@Timeout(120)
class RunWriterTest {
    /** To ask takes the locks that live callers go through. */
    @Test
    void whatHoldsRowsUp_isAskedOnceASecond() {
        var now = new AtomicReference<>(Instant.parse("2026-11-26T08:00:00Z"));
        var asked = new AtomicInteger();
        try (JobFixture fixture = new JobFixture()) {
            Replica replica = new Replica(
                    JobFixture.KAFKA,
                    fixture.topics(),
                    fixture.group(),
                    fixture.startTopic(),
                    "replica",
                    Duration.ofSeconds(3),
                    job -> Optional.of("reason " + asked.incrementAndGet()),
                    now::get);
            String job = fixture.newJob();
            try (var writer = new RunWriter(replica, job, 0, replica.openTransactions(job), () -> {})) {
                for (int turn = 0; turn < 100; turn++) {
                    writer.waitFor(turn % 2 == 0 ? Wait.ANSWERS : Wait.MAX_OPEN, null);
                    writer.waitNoMore();
                }
                assertThat(asked).hasValue(1);
                now.updateAndGet(time -> time.plusSeconds(1));
                writer.waitFor(Wait.ANSWERS, null);
                assertThat(asked).hasValue(2);
            }
        }
    }
}
