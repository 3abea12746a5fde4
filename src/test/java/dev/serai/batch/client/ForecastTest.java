package dev.serai.batch.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.batch.JobSpec.Window;
import dev.serai.batch.client.Forecast.Bounds;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class ForecastTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** The window's zone is an hour ahead of UTC; on 29 March two. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // rows, rate, slots, room, window, earliest, latest, begins, ends
                "100, -, -, 300, -, -, -, 2026-03-01T12:00:00Z, -",
                "1, -, -, 300, -, -, -, 2026-03-01T12:00:00Z, 2026-03-01T12:00:00Z",
                "1, -, -, 300, 14:00-18:00, -, -, 2026-03-01T13:00:00Z, 2026-03-01T13:00:00Z",
                "1, -, -, 300, -, 2026-03-02T13:00:00Z, 2026-03-02T13:00:00Z, 2026-03-02T13:00:00Z, 2026-03-02T13:00:00Z",
                "1, -, -, 300, -, 2026-02-02T13:00:00Z, 2026-02-02T13:00:00Z, 2026-03-01T12:00:00Z, 2026-03-01T12:00:00Z",
                "101, 0.5, -, 300, -, -, -, 2026-03-01T12:00:00Z, 2026-03-01T12:03:20Z",
                "9, -, 9, 300, -, -, -, 2026-03-01T12:00:00Z, 2026-03-01T12:00:00Z",
                "10, -, 9, 300, -, -, -, 2026-03-01T12:00:00Z, 2026-03-01T12:05:00Z",
                "50000, 10, 9, 300, -, -, -, 2026-03-01T12:00:00Z, 2026-03-20T18:55:00Z",
                "2, 1, -, 300, 08:00-18:00, -, -, 2026-03-01T12:00:00Z, 2026-03-01T12:00:01Z",
                "2, 1, -, 300, 14:00-18:00, -, -, 2026-03-01T13:00:00Z, 2026-03-01T13:00:01Z",
                "7201, 1, -, 300, 12:00-14:00, -, -, 2026-03-01T12:00:00Z, 2026-03-02T12:00:00Z",
                "7201, 1, -, 300, 22:00-02:00, -, -, 2026-03-01T21:00:00Z, 2026-03-01T23:00:00Z",
                "1, 1, -, 300, 22:00-14:00, -, -, 2026-03-01T12:00:00Z, 2026-03-01T12:00:00Z",
                "3, -, -, 300, -, 2026-03-01T13:00:00Z, 2026-03-02T13:00:00Z, 2026-03-01T13:00:00Z, 2026-03-02T13:00:00Z",
                "3, 1, -, 300, -, 2026-02-01T13:00:00Z, 2026-03-02T13:00:00Z, 2026-03-01T12:00:00Z, 2026-03-02T13:00:00Z",
                "2, 1, -, 300, 08:00-09:00, 2026-03-28T23:00:00Z, -, 2026-03-29T06:00:00Z, 2026-03-29T06:00:01Z"
            })
    void job_lastsAsLongAsItsBoundsSay(
            long rows,
            @Nullable Double rate,
            @Nullable Integer slots,
            long roomSeconds,
            @Nullable String window,
            @Nullable Instant earliest,
            @Nullable Instant latest,
            Instant begins,
            @Nullable Instant ends) {
        Window times = window == null
                ? null
                : new Window(
                        LocalTime.parse(window.substring(0, 5)),
                        LocalTime.parse(window.substring(6)),
                        ZoneId.of("Europe/Berlin"));

        Forecast forecast = Forecast.of(
                new Bounds(rows, rate, slots, Duration.ofSeconds(roomSeconds), times, earliest, latest), NOW);

        assertThat(forecast.begins()).isEqualTo(begins);
        assertThat(forecast.ends()).isEqualTo(ends);
    }
}
