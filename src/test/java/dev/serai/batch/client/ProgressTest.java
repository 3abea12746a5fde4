package dev.serai.batch.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.batch.Job;
import dev.serai.batch.JobRun;
import dev.serai.batch.JobSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final Instant END = Instant.parse("2026-03-01T12:00:00Z");

    /** A job that is over tells nothing more, and its rooms end all the same. */
    @Test
    void roomsOfFinishedJob_areOpenUntilEachIsOver() {
        Job job = new Job(spec(), null, null, finished(List.of(60L, 60L, 120L)));

        assertThat(Progress.of(job, END).open()).isEqualTo(3);
        assertThat(Progress.of(job, END.plusSeconds(60)).open()).isEqualTo(1);
        assertThat(Progress.of(job, END.plusSeconds(120)).open()).isZero();
    }

    private static JobSpec spec() {
        return new JobSpec(
                "j",
                END,
                "anna",
                "rows.csv",
                3,
                null,
                null,
                null,
                null,
                1,
                "default",
                "start",
                0,
                "replies",
                Map.of(),
                "",
                null);
    }

    private static JobRun finished(List<Long> openForSeconds) {
        List<Long> open = openForSeconds.stream()
                .map(seconds -> END.getEpochSecond() + seconds)
                .toList();
        return new JobRun(
                "j",
                JobRun.State.FINISHED,
                3,
                null,
                null,
                null,
                3,
                3,
                0,
                List.of(),
                open,
                3,
                Map.of(),
                0,
                Map.of(),
                null,
                "here",
                END);
    }
}
