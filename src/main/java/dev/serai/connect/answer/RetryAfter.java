package dev.serai.connect.answer;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Retry-After} in both of its forms, seconds and HTTP date (RFC 9110, section 10.2.3). The contract does
 * not promise the header, gateways send it. Thread-safe.
 *
 * @param longest no pause is longer, whatever the header says
 */
public record RetryAfter(Clock clock, Duration longest) {

    /** The pause that the header asks for, between zero and the longest; null if it asks for none that can be read. */
    public @Nullable Duration parse(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String value = header.strip();
        try {
            Duration pause = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? seconds(value)
                    : Duration.between(
                            clock.instant(), ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
            return clamp(pause);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** More digits than a long holds still mean "longer than the longest". */
    private Duration seconds(String digits) {
        return digits.length() > 9 ? longest : Duration.ofSeconds(Long.parseLong(digits));
    }

    private Duration clamp(Duration pause) {
        if (pause.isNegative()) {
            return Duration.ZERO;
        }
        return pause.compareTo(longest) > 0 ? longest : pause;
    }
}
