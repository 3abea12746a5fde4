package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class BackoffTest {
    private static final Duration INITIAL = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private static LongSummaryStatistics pauses(int attempt) {
        Backoff backoff = new Backoff(INITIAL, LONGEST, new Random(7));
        return LongStream.range(0, 10_000)
                .map(i -> backoff.after(attempt).toMillis())
                .summaryStatistics();
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "2, 200", "3, 400", "4, 800", "5, 1000", "6, 1000", "2000, 1000", "2147483647, 1000"})
    void pauses_fillTheUpperHalfOfABoundThatDoubles(int attempt, int bound) {
        LongSummaryStatistics pauses = pauses(attempt);

        assertThat(pauses.getMin()).isBetween(bound / 2L, bound / 2L + bound / 50L);
        assertThat(pauses.getMax()).isBetween(bound - bound / 50L, (long) bound);
        assertThat(pauses.getAverage()).isBetween(bound * 0.74, bound * 0.76);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 64, 2000})
    void noInitialPause_isNoPause(int attempt) {
        assertThat(new Backoff(Duration.ZERO, LONGEST, new Random(7)).after(attempt))
                .isEqualTo(Duration.ZERO);
    }

    @Test
    void initialBeyondLongest_isLongest() {
        RandomGenerator highest = () -> -1L;

        assertThat(new Backoff(Duration.ofDays(1), LONGEST, highest).after(1)).isEqualTo(LONGEST);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void attemptBeforeTheFirst_isAMistake(int attempt) {
        assertThatThrownBy(() -> new Backoff(INITIAL, LONGEST, new Random(7)).after(attempt))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("attempts are counted from 1, was " + attempt);
    }
}
