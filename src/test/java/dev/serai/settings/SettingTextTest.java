package dev.serai.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class SettingTextTest {
    @ParameterizedTest
    @CsvSource({
        "0s, 0, 0ms",
        "500ms, 500, 500ms",
        "1500ms, 1500, 1500ms",
        "2s, 2000, 2s",
        "2 S, 2000, 2s",
        "120s, 120000, 2m",
        "90m, 5400000, 90m",
        "24h, 86400000, 1d",
        "30d, 2592000000, 30d",
        "PT2S, 2000, 2s",
        "pt1m30.5s, 90500, 90500ms",
        "PT-1S, -1000, -1s"
    })
    void duration_isReadAndWrittenInItsShortForm(String text, long millis, String written) throws Exception {
        Duration duration = Durations.parse(text);

        assertThat(duration).isEqualTo(Duration.ofMillis(millis));
        assertThat(Durations.format(duration)).isEqualTo(written);
        assertThat(millis < 0 ? duration : Durations.parse(written)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1000, 1000, 1000",
        "1024, 1024, 1KiB",
        "256KiB, 262144, 256KiB",
        "1536 kib, 1572864, 1536KiB",
        "2048KiB, 2097152, 2MiB",
        "16MiB, 16777216, 16MiB"
    })
    void size_isReadAndWrittenInItsShortForm(String text, long bytes, String written) throws Exception {
        assertThat(ByteSizes.parse(text)).isEqualTo(bytes);
        assertThat(ByteSizes.format(bytes)).isEqualTo(written);
        assertThat(ByteSizes.parse(written)).isEqualTo(bytes);
    }
}
