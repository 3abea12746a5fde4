package dev.serai.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticsTest {
    @Test
    void median_isTheMiddleOneOrTheMeanOfTwo() {
        assertThat(Statistics.median(new double[] {3, 1, 2})).isEqualTo(2);
        assertThat(Statistics.median(new double[] {4, 1, 2, 3})).isEqualTo(2.5);
    }

    @ParameterizedTest
    @CsvSource({"0.001, 1", "0.5, 50", "0.985, 99", "0.99, 99", "1, 100"})
    void percentile_isTheSmallestValueThatTheShareDoesNotExceed(double share, double value) {
        double[] sample =
                IntStream.rangeClosed(1, 100).mapToDouble(i -> 101 - i).toArray();

        assertThat(Statistics.percentile(sample, share)).isEqualTo(value);
    }

    @Test
    void sample_staysAsItIs() {
        double[] sample = {2, 1};
        Statistics.median(sample);
        Statistics.percentile(sample, 0.99);

        assertThat(sample).containsExactly(2, 1);
    }

    @Test
    void nothing_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Statistics.median(new double[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> Statistics.percentile(new double[0], 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> Statistics.percentile(new double[1], 0));
    }
}
