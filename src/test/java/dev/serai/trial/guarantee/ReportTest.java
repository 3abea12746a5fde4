package dev.serai.trial.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportTest {

    @Test
    void cleanRun_saysSo() {
        Report report =
                Report.of(new SampleHistory().published("a-1").started("a-1").history(), Guarantees.OF_ANY_RUN);

        assertThat(report.isClean()).isTrue();
        assertThat(report).hasToString("every guarantee was kept");
    }

    @Test
    void manyBreaches_areCountedAndTheFirstOnesShown() {
        SampleHistory run = new SampleHistory();
        for (int i = 1; i <= 7; i++) {
            run.published("a-" + i);
        }

        Report report = Report.of(run.started("x-1").history(), Guarantees.OF_ANY_RUN);

        assertThat(report.isClean()).isFalse();
        assertThat(report.toString().lines())
                .containsExactly(
                        "NothingLost: 7 breaches",
                        "  a-1 has no reply",
                        "  a-2 has no reply",
                        "  a-3 has no reply",
                        "  a-4 has no reply",
                        "  a-5 has no reply",
                        "  …",
                        "OneReplyPerEvent: 1 breach",
                        "  x-1 was answered and never published");
    }
}
