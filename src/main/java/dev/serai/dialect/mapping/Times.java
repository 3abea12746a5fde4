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
    /** 3 March 1973 in seconds; the same number of milliseconds is a day in 1970. What is less is a duration or nothing. */
    private static final BigDecimal LEAST = BigDecimal.valueOf(100_000_000L);

    /** The year 5138 in seconds, 1973 in milliseconds: no unit's times of this age are another's. */
    private static final BigDecimal SECONDS = BigDecimal.valueOf(100_000_000_000L);

    private static final BigDecimal MILLISECONDS = SECONDS.movePointRight(3);
    private static final BigDecimal MICROSECONDS = SECONDS.movePointRight(6);
    private static final BigDecimal NANOSECONDS = SECONDS.movePointRight(9);

    private static final Pattern NUMBER = Pattern.compile("\\d{9,20}(\\.\\d{1,12})?");
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
     * @return RFC 3339 in UTC with milliseconds; null for what is no time, or not one between 1973 and 9999
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
        if (value.compareTo(LEAST) < 0 || value.compareTo(NANOSECONDS) >= 0) {
            return Optional.empty();
        }
        BigDecimal millis = value.compareTo(SECONDS) < 0
                ? value.movePointRight(3)
                : value.compareTo(MILLISECONDS) < 0
                        ? value
                        : value.compareTo(MICROSECONDS) < 0 ? value.movePointLeft(3) : value.movePointLeft(6);
        return Optional.of(Instant.ofEpochMilli(millis.longValue()));
    }

    private static Optional<Instant> written(String text) {
        boolean isNumbers = !text.isEmpty() && Character.isDigit(text.charAt(0));
        Instant instant = OffsetDateTime.parse(text, isNumbers ? RFC_3339 : DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
        return instant.getEpochSecond() >= LEAST.longValue() && instant.isBefore(YEAR_10000)
                ? Optional.of(instant)
                : Optional.empty();
    }
}
