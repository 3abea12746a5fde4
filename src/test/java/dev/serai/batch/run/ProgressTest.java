package dev.serai.batch.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.JobAnswers.Answer;
import dev.serai.batch.JobRow;
import dev.serai.batch.JobRun;
import dev.serai.batch.JobRun.State;
import dev.serai.batch.JobSpec;
import dev.serai.batch.SampleJobs;
import dev.serai.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final Duration IDLE = Duration.ofMinutes(5);

    private final JobSpec spec = SampleJobs.spec("j").rows(10).build();
    private final Progress progress = Progress.of(spec, null, IDLE);

    @Test
    void firstAnswerOfARow_counts_andNoOther() {
        publish(1, 3);
        assertThat(progress.answered(started(1, NOW))).isTrue();
        assertThat(progress.answered(failed(1, "expired"))).isFalse();
        assertThat(progress.answered(failed(2, "expired"))).isTrue();
        assertThat(progress.answered(started(9, NOW))).isFalse();

        JobRun run = run();
        assertThat(run.published()).isEqualTo(3);
        assertThat(run.started()).isEqualTo(1);
        assertThat(run.failed()).isEqualTo(Map.of("expired", 1L));
        assertThat(run.outstanding()).extracting(JobRun.Outstanding::row).containsExactly(3L);
        assertThat(run.done()).isEqualTo(2);
    }

    @Test
    void room_isOpenUntilItIsIdle_orClosed() {
        publish(1, 1);
        progress.answered(started(1, NOW));
        progress.closeRooms(NOW.plus(IDLE));
        assertThat(progress.open()).isEqualTo(1);
        assertThat(progress.firstOver()).isEqualTo(NOW.plus(IDLE).plusSeconds(1));
        progress.closeRooms(NOW.plus(IDLE).plusSeconds(1));
        assertThat(progress.open()).isZero();

        Progress closing = Progress.of(SampleJobs.spec("j").closeAfterMs(20_000).build(), null, IDLE);
        closing.publish(SampleJobs.rows("j", 1, 1), 1, NOW, null);
        closing.answered(started(1, NOW));
        assertThat(closing.firstOver()).isEqualTo(NOW.plusSeconds(21));
    }

    /** What the row says wins, in the engine, too. */
    @Test
    void room_isOpenForAsLongAsItsOwnRowSays() {
        Progress closing = Progress.of(SampleJobs.spec("j").closeAfterMs(20_000).build(), null, IDLE);
        List<JobRow> rows = List.of(
                closedAfter(1, "3600000"), closedAfter(2, "1000"), closedAfter(3, "null"), closedAfter(4, "\"soon\""));
        closing.publish(rows, 4, NOW, null);
        JobRun written = closing.toRun(State.RUNNING, null, null, null, "here", NOW);
        Progress next =
                Progress.of(spec, Json.MAPPER.convertValue(Json.MAPPER.valueToTree(written), JobRun.class), IDLE);

        for (int row = 1; row <= 4; row++) {
            closing.answered(started(row, NOW));
            next.answered(started(row, NOW));
        }

        assertThat(open(closing)).containsExactly(1L, 20L, 20L, 3_600L);
        assertThat(open(next)).containsExactly(1L, IDLE.toSeconds(), IDLE.toSeconds(), 3_600L);
    }

    private static JobRow closedAfter(long number, String milliseconds) {
        return new JobRow(number, null, null, ("{\"close_after_ms\":" + milliseconds + "}").getBytes(UTF_8));
    }

    private static List<Long> open(Progress progress) {
        return progress.toRun(State.RUNNING, null, null, null, "here", NOW).open().stream()
                .map(until -> until - NOW.getEpochSecond() - 1)
                .toList();
    }

    @Test
    void row_isOverdueLongAfterItsDeadline() {
        publish(1, 2);
        Instant limit = NOW.plus(spec.deadline()).plus(Progress.LOST_AFTER);
        assertThat(progress.overdue(limit)).isEmpty();
        assertThat(progress.overdue(limit.plusMillis(1))).containsExactly(1L, 2L);
        progress.lose(List.of(1L));
        assertThat(run().lost()).isEqualTo(1);
        assertThat(progress.outstanding()).isEqualTo(1);
    }

    @Test
    void progress_goesOnAsItWasWritten() {
        publish(1, 4);
        progress.answered(started(2, NOW));
        progress.answered(failed(3, "cancelled"));
        progress.replyOffsets().put(2, 77L);
        progress.rowsAreAll(5);

        JobRun written = run();
        assertThat(Progress.of(spec, written, IDLE).toRun(State.RUNNING, null, null, null, "here", NOW))
                .isEqualTo(written);
        assertThat(progress.copy().toRun(State.RUNNING, null, null, null, "here", NOW))
                .isEqualTo(written);
        assertThat(written.missing()).isEqualTo(1);
    }

    @Test
    void whatIsCounted_isBounded() {
        publish(1, 3_000);
        for (int row = 1; row <= 2_100; row++) {
            progress.answered(started(row, NOW.plusSeconds(row)));
        }
        assertThat(progress.open()).isEqualTo(JobSpec.MOST_OPEN);
        assertThat(progress.firstOver())
                .isEqualTo(NOW.plusSeconds(101).plus(IDLE).plusSeconds(1));
        for (int row = 2_101; row <= 2_200; row++) {
            progress.answered(failed(row, "category-" + row));
        }
        assertThat(run().failed()).hasSize(41).containsEntry("other", 60L);
    }

    private static Answer started(int row, Instant at) {
        return answer(
                row, Json.MAPPER.createObjectNode().put("status", "started").put("issued_at", at.toString()));
    }

    private static Answer failed(int row, String category) {
        return answer(
                row,
                Json.MAPPER
                        .createObjectNode()
                        .put("status", "failed")
                        .set("error", Json.MAPPER.createObjectNode().put("category", category)));
    }

    private static Answer answer(int row, ObjectNode reply) {
        return new Answer(row, "j/" + row, reply, NOW.plusSeconds(1), row);
    }

    private void publish(long first, long last) {
        progress.publish(SampleJobs.rows("j", first, last), last, NOW, null);
    }

    private JobRun run() {
        return progress.toRun(State.RUNNING, null, null, null, "here", NOW);
    }
}
