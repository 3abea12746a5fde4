package dev.serai.batch.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times as people write them, on the days on which clocks are changed, too. */
class RowTimeTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "2026-03-01T10:00, 2026-03-01T09:00:00Z",
        "2026-03-29T02:30, 2026-03-29T01:30:00Z",
        "2026-10-25T02:30, 2026-10-25T00:30:00Z",
        "2026-10-25T02:30+01:00, 2026-10-25T01:30:00Z"
    })
    void dateAndTime_isOfTheZone(String text, Instant at) {
        assertThat(RowTime.at(text, BERLIN)).isEqualTo(at);
    }

    @ParameterizedTest
    @CsvSource({
        "10:00, 2026-03-01T08:59:59Z, 2026-03-01T09:00:00Z",
        "10:00, 2026-03-01T09:00:00Z, 2026-03-01T09:00:00Z",
        "10:00, 2026-03-01T09:00:01Z, 2026-03-02T09:00:00Z",
        // The clocks go from 02:00 to 03:00 on the 29th.
        "02:30, 2026-03-28T12:00:00Z, 2026-03-29T01:30:00Z",
        "02:30, 2026-03-29T08:00:00Z, 2026-03-30T00:30:00Z",
        // They show 02:30 twice on the 25th.
        "02:30, 2026-10-24T12:00:00Z, 2026-10-25T00:30:00Z",
        "02:30, 2026-10-25T00:45:00Z, 2026-10-25T01:30:00Z",
        "02:30, 2026-10-25T01:45:00Z, 2026-10-26T01:30:00Z"
    })
    void timeOfDay_isTheNextOne(String text, Instant now, Instant next) {
        assertThat(RowTime.next(text, BERLIN, now)).contains(next);
    }
}
