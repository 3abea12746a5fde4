package dev.serai.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CpuBoundTest {
    private static final CpuBound BOUND = new CpuBound(3);

    private static Measured measured(Contender contender, double cpuMillis) {
        return new Measured(contender, 1_000, 1_000, cpuMillis, 0.1, 0.1, null, 512, 0, 0, 0, null);
    }

    @Test
    void moreThanTheBound_failsWithWhatBothTook() {
        List<Measured> medians = List.of(measured(Contender.SERAI, 1.25), measured(Contender.BARE, 0.4));

        assertThatExceptionOfType(BenchFailure.class)
                .isThrownBy(() -> BOUND.check(medians))
                .withMessage(
                        "serai takes 1.25 ms of CPU per event, 3.1 times as much as bare (0.40 ms): at most 3.0 times"
                                + " are allowed (--cpu-at-most)");
    }

    @Test
    void asMuchAsTheBound_passes() {
        assertThatCode(() -> BOUND.check(List.of(measured(Contender.BARE, 0.5), measured(Contender.SERAI, 1.5))))
                .doesNotThrowAnyException();
    }
}
