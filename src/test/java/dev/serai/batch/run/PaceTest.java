package dev.serai.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.batch.JobRun.Wait;
import dev.serai.batch.JobSpec.Window;
import dev.serai.batch.SampleJobs;
import dev.serai.batch.run.Pace.Decision;
import dev.serai.batch.run.Pace.Decision.Later;
import dev.serai.batch.run.Pace.Decision.Publish;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @Test
    void rowWithoutAnyBound_isPublishedWithOthers() {
        assertThat(decide(SampleJobs.spec("j"), 0, 0, null)).isEqualTo(new Publish(Pace.MOST_AT_ONCE));
    }

    @Test
    void row_waitsUntilItIsDue() {
        Pace pace = new Pace(SampleJobs.spec("j").build());
        Instant due = NOW.plusMillis(1);
        assertThat(pace.decide(NOW, 0, 0, null, null, due)).isEqualTo(new Later(Wait.DUE, due));
        assertThat(pace.decide(due, 0, 0, null, null, due)).isInstanceOf(Publish.class);
    }

    @Test
    void row_waitsForTheWindow() {
        var window = new Window(LocalTime.of(8, 0), LocalTime.of(12, 0), ZoneOffset.UTC);
        Pace pace = new Pace(SampleJobs.spec("j").window(window).build());
        assertThat(pace.decide(NOW, 0, 0, null, null, null))
                .isEqualTo(new Later(Wait.WINDOW, Instant.parse("2026-11-27T08:00:00Z")));
        assertThat(pace.decide(NOW.minusMillis(1), 0, 0, null, null, null)).isInstanceOf(Publish.class);
    }

    @Test
    void row_waitsWhileTooManyAnswersAreAwaited() {
        assertThat(decide(SampleJobs.spec("j"), 200, 0, null)).isEqualTo(new Later(Wait.ANSWERS, null));
        assertThat(decide(SampleJobs.spec("j"), 199, 0, null)).isEqualTo(new Publish(1));
    }

    /** What was handed over goes on after the window's end, and is not called at the rate. */
    @Test
    void jobWithARateOrAWindow_hasFewRowsHandedOverAtOnce() {
        assertThat(decide(SampleJobs.spec("j").rate(0.1), 4, 0, null)).isEqualTo(new Publish(1));
        assertThat(decide(SampleJobs.spec("j").rate(0.1), 5, 0, null)).isEqualTo(new Later(Wait.ANSWERS, null));
        assertThat(decide(SampleJobs.spec("j").rate(8.0), 40, 0, null)).isEqualTo(new Later(Wait.ANSWERS, null));
        assertThat(decide(SampleJobs.spec("j").rate(8.0), 39, 0, null)).isEqualTo(new Publish(1));
        assertThat(decide(SampleJobs.spec("j").rate(1_000.0), 199, 0, null)).isEqualTo(new Publish(1));
        var window = new Window(LocalTime.of(8, 0), LocalTime.of(18, 0), ZoneOffset.UTC);
        assertThat(decide(SampleJobs.spec("j").window(window), 19, 0, null)).isEqualTo(new Publish(1));
        assertThat(decide(SampleJobs.spec("j").window(window), 20, 0, null)).isEqualTo(new Later(Wait.ANSWERS, null));
        assertThat(decide(SampleJobs.spec("j").window(window).rate(8.0), 40, 0, null))
                .isEqualTo(new Later(Wait.ANSWERS, null));
    }

    @Test
    void roomsThatAreOpenOrAskedFor_areNeverMoreThanMayBe() {
        SampleJobs.Spec spec = SampleJobs.spec("j").maxOpen(5);
        Instant over = NOW.plusSeconds(9);
        assertThat(decide(spec, 2, 3, over)).isEqualTo(new Later(Wait.MAX_OPEN, over));
        assertThat(decide(spec, 5, 0, null)).isEqualTo(new Later(Wait.MAX_OPEN, null));
        assertThat(decide(spec, 1, 2, over)).isEqualTo(new Publish(2));
        assertThat(decide(spec, 0, 9, over)).isEqualTo(new Later(Wait.MAX_OPEN, over));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.5, 1, 3, 7.5, 40, 1_000, 1e7})
    void rate_isKept_andReachedDespiteLateTurns(double rate) {
        Pace pace = new Pace(SampleJobs.spec("j").rate(rate).build());
        Instant now = NOW;
        @Nullable Instant next = null;
        long published = 0;
        Duration length = Duration.ofMillis((long) Math.min(600_000, 400_000 / rate + 2_000));
        while (now.isBefore(NOW.plus(length))) {
            switch (pace.decide(now, 0, 0, null, next, null)) {
                case Publish publish -> {
                    published += publish.most();
                    next = pace.afterPublishing(publish.most(), now, next);
                }
                case Later later -> assertThat(later.until()).isEqualTo(next);
            }
            now = now.plusMillis(20);
        }
        double allowed = rate * length.toMillis() / 1_000;
        // What may come at once at the beginning.
        double slack = 1 + 0.5 * rate;
        assertThat((double) published).isLessThanOrEqualTo(allowed + slack);
        double reachable = Math.min(allowed, length.toMillis() / 20.0 * Pace.MOST_AT_ONCE);
        assertThat((double) published).isGreaterThanOrEqualTo(reachable * 0.98 - 1);
    }

    private static Decision decide(SampleJobs.Spec spec, int outstanding, int open, @Nullable Instant firstOver) {
        return new Pace(spec.build()).decide(NOW, outstanding, open, firstOver, null, null);
    }
}
