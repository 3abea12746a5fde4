package dev.serai.connect.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class RetryAfterTest {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final RetryAfter RETRY_AFTER =
            new RetryAfter(Clock.fixed(Instant.parse("2026-01-31T10:00:00.250Z"), ZoneOffset.UTC), LONGEST);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            0                             | PT0S
            1                             | PT1S
            ` 30 `                        | PT30S
            007                           | PT7S
            60                            | PT60S
            61                            | PT60S
            999999999                     | PT60S
            99999999999999999999999999999 | PT60S
            Sat, 31 Jan 2026 10:00:30 GMT | PT29.75S
            Sat, 31 Jan 2026 10:00:00 GMT | PT0S
            Sat, 31 Jan 2026 09:59:59 GMT | PT0S
            Sat, 31 Jan 2026 11:00:00 GMT | PT60S
            Thu, 01 Jan 1970 00:00:00 GMT | PT0S
            Fri, 31 Dec 9999 23:59:59 GMT | PT60S
            """)
    void header_isReadInBothForms(String header, Duration pause) {
        assertThat(RETRY_AFTER.parse(header)).isEqualTo(pause);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                " ",
                "soon",
                "-1",
                "+1",
                "1.5",
                "1s",
                "1,2",
                "٣",
                "2026-01-31T10:00:30Z",
                "Sun, 31 Jan 2026 10:00:30 GMT",
                "Saturday, 31-Jan-26 10:00:30 GMT"
            })
    void headerThatSaysNothing_isNoPause(@Nullable String header) {
        assertThat(RETRY_AFTER.parse(header)).isNull();
    }

    @Test
    void hugeHeader_isReadInTime() {
        assertThat(RETRY_AFTER.parse("9".repeat(1_000_000))).isEqualTo(LONGEST);
        assertThat(RETRY_AFTER.parse("x".repeat(1_000_000))).isNull();
    }
}
