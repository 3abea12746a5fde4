package dev.serai.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElapsedTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 ms",
        "PT1.999S, 1999 ms",
        "PT2S, 2 s",
        "PT1M59S, 119 s",
        "PT2M, 2 min",
        "PT1H59M59S, 119 min",
        "PT2H, 2 h",
        "PT47H59M, 47 h",
        "P2D, 2 days",
        "P328DT23H, 328 days"
    })
    void time_isToldInOneUnit(Duration time, String text) {
        assertThat(Elapsed.text(time)).isEqualTo(text);
    }
}
