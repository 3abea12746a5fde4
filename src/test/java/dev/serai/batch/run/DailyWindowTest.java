package dev.serai.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.batch.JobSpec.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DailyWindowTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The hours of a working day, in winter and in summer.
                "08:00 | 18:00 | 2026-11-26T06:59:59Z | 2026-11-26T07:00:00Z",
                "08:00 | 18:00 | 2026-11-26T07:00:00Z | 2026-11-26T07:00:00Z",
                "08:00 | 18:00 | 2026-11-26T16:59:59Z | 2026-11-26T16:59:59Z",
                "08:00 | 18:00 | 2026-11-26T17:00:00Z | 2026-11-27T07:00:00Z",
                "08:00 | 18:00 | 2026-07-01T05:00:00Z | 2026-07-01T06:00:00Z",
                // The clocks change in the night between.
                "08:00 | 18:00 | 2026-03-28T18:00:00Z | 2026-03-29T06:00:00Z",
                "08:00 | 18:00 | 2026-10-24T18:00:00Z | 2026-10-25T07:00:00Z",
                // Over midnight.
                "22:00 | 06:00 | 2026-11-26T05:30:00Z | 2026-11-26T21:00:00Z",
                "22:00 | 06:00 | 2026-11-26T23:30:00Z | 2026-11-26T23:30:00Z",
                "22:00 | 06:00 | 2026-11-26T03:00:00Z | 2026-11-26T03:00:00Z",
                // It would begin in the hour that is left out: at 3, when the clocks are put on.
                "02:30 | 04:00 | 2026-03-29T00:30:00Z | 2026-03-29T01:00:00Z",
                // All of it is left out: the next day.
                "02:15 | 02:45 | 2026-03-29T00:30:00Z | 2026-03-30T00:15:00Z",
                // In the hour that comes twice: both times.
                "02:30 | 02:45 | 2026-10-25T00:00:00Z | 2026-10-25T00:30:00Z",
                "02:30 | 02:45 | 2026-10-25T00:50:00Z | 2026-10-25T01:30:00Z",
                // Over at 2:30, and open again when the clocks are put back from 3 to 2.
                "01:30 | 02:30 | 2026-10-25T00:45:00Z | 2026-10-25T01:00:00Z",
            })
    void window_opensWhenTheClocksOfItsZoneSaySo(LocalTime from, LocalTime to, Instant now, Instant opens) {
        DailyWindow window = new DailyWindow(new Window(from, to, ZoneId.of("Europe/Berlin")));
        assertThat(window.opens(now)).isEqualTo(opens);
        assertThat(window.isOpen(opens)).isTrue();
    }

    @Test
    void opening_isTheFirstMinuteThatIsOpen_throughoutTheYear() {
        DailyWindow window =
                new DailyWindow(new Window(LocalTime.of(2, 15), LocalTime.of(3, 0), ZoneId.of("Australia/Lord_Howe")));
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        for (int minute = 0; minute < 366 * 24 * 60; minute += 7) {
            Instant at = now.plus(Duration.ofMinutes(minute));
            Instant opens = window.opens(at);
            assertThat(window.isOpen(opens)).as("%s", at).isTrue();
            assertThat(opens.equals(at) || !window.isOpen(opens.minusSeconds(60)))
                    .as("before the opening at %s", opens)
                    .isTrue();
            assertThat(Duration.between(at, opens)).isLessThan(Duration.ofHours(49));
        }
    }
}
