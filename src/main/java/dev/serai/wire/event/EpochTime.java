package dev.serai.wire.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * Recognizes a time that was written as a number since 1970, as many languages have it. It is not taken for a time: whoever
 * guesses the unit wrong gives a caller fifty years, or none. Stateless.
 */
final class EpochTime {
    private static final BigDecimal YEAR_2001 = BigDecimal.valueOf(1_000_000_000L);
    private static final BigDecimal YEAR_2100 = BigDecimal.valueOf(4_102_444_800L);

    private EpochTime() {}

    /** What a value looks like, to be added to why it is refused; empty if it looks like no time of this century. */
    static String hint(JsonNode value) {
        return value.isNumber() ? hint(value.decimalValue()) : "";
    }

    /** The same for a text that was to be a time. */
    static String hint(String text) {
        return text.matches("\\d{10,16}(\\.\\d{1,9})?") ? hint(new BigDecimal(text)) : "";
    }

    private static String hint(BigDecimal number) {
        return isWithin(number)
                ? text("seconds", number.longValue() * 1_000)
                : isWithin(number.movePointLeft(3))
                        ? text("milliseconds", number.longValue())
                        : isWithin(number.movePointLeft(6))
                                ? text("microseconds", number.movePointLeft(3).longValue())
                                : "";
    }

    private static boolean isWithin(BigDecimal seconds) {
        return seconds.compareTo(YEAR_2001) >= 0 && seconds.compareTo(YEAR_2100) < 0;
    }

    private static String text(String unit, long millis) {
        return "; it looks like " + unit + " since 1970, a time that expires_at takes as "
                + Instant.ofEpochMilli(millis);
    }
}
