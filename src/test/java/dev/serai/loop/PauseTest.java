package dev.serai.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PauseTest {
    private final Pause pause = new Pause(Duration.ofSeconds(1), Duration.ofSeconds(5));

    @Test
    void pauses_areTwiceAsLongEachTime_withinTheirBound_untilItIsOver() {
        assertThat(Stream.generate(pause::longer).limit(5).map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 5L, 5L);

        pause.over();

        assertThat(pause.longer()).isEqualTo(Duration.ofSeconds(1));
    }
}
