package dev.serai.dialect.mapping;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times as systems write them. Stateless. */
final class Times {
    /** 3 March 1973 in seconds. Of a text; what is before is a field that was never filled. */
    private static final long LEAST_WRITTEN = 100_000_000L;

    /**
     * 9 September 2001 in seconds; until 2286 seconds have 10 digits, milliseconds 13, microseconds 16, nanoseconds 19. Other
     * lengths are durations, and dates without separators, which would be another unit's times of the past or the future.
     */
    private static final BigDecimal LEAST = BigDecimal.valueOf(1_000_000_000L);

    /** 2286 in seconds. */
    private static final BigDecimal BEYOND = LEAST.movePointRight(1);

    private static final int[] POWERS_OF_SECONDS = {0, 3, 6, 9};

    private static final Pattern NUMBER = Pattern.compile("\\d{10,19}(\\.\\d{1,12})?");
    private static final int LONGEST = 64;

    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    /** RFC 3339 and what passes for it: a blank for the T, offsets without a colon or minutes, small letters. */
    private static final DateTimeFormatter RFC_3339 = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("['T'][ ]")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter(Locale.ROOT);

    private static final DateTimeFormatter WITH_MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Times() {}

    /**
     * A number since 1970, of seconds, milliseconds, microseconds or nanoseconds by its magnitude, also as a text; or a text as
     * in RFC 3339 or RFC 2822 (section 3.3), with its offset.
     *
     * @return RFC 3339 in UTC with milliseconds; null for what is no time, or as a number not one between 2001 and 2286, as a
     *     text not one between 1973 and 9999
     */
    static @Nullable String text(@Nullable Object value) {
        return instant(value).map(WITH_MILLIS::format).orElse(null);
    }

    private static Optional<Instant> ofText(String text) {
        return NUMBER.matcher(text).matches() ? sinceEpoch(text) : written(text);
    }

    static Optional<Instant> instant(@Nullable Object value) {
        try {
            return switch (value) {
                case Number number -> sinceEpoch(number.toString());
                case String text -> text.length() <= LONGEST ? ofText(text.strip()) : Optional.empty();
                case null -> Optional.empty();
                default -> Optional.empty();
            };
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    static String text(Instant instant) {
        return WITH_MILLIS.format(instant);
    }

    private static Optional<Instant> sinceEpoch(String number) {
        if (number.length() > LONGEST) {
            return Optional.empty();
        }
        BigDecimal value = new BigDecimal(number);
        for (int power : POWERS_OF_SECONDS) {
            BigDecimal seconds = value.movePointLeft(power);
            if (seconds.compareTo(LEAST) >= 0 && seconds.compareTo(BEYOND) < 0) {
                return Optional.of(
                        Instant.ofEpochMilli(seconds.movePointRight(3).longValue()));
            }
        }
        return Optional.empty();
    }

    private static Optional<Instant> written(String text) {
        boolean isNumbers = !text.isEmpty() && Character.isDigit(text.charAt(0));
        Instant instant = OffsetDateTime.parse(text, isNumbers ? RFC_3339 : DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
        return instant.getEpochSecond() >= LEAST_WRITTEN && instant.isBefore(YEAR_10000)
                ? Optional.of(instant)
                : Optional.empty();
    }
}
