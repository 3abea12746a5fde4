package dev.serai.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 2s}, {@code 10m}, {@code 1h}, {@code 30d} or {@code PT2S}. */
public final class Durations {
    private static final Pattern SHORT = Pattern.compile("(\\d{1,12})\\s?(ms|s|m|h|d)");

    /** The largest first. */
    private enum Unit {
        D(Duration.ofDays(1)),
        H(Duration.ofHours(1)),
        M(Duration.ofMinutes(1)),
        S(Duration.ofSeconds(1)),
        MS(Duration.ofMillis(1));

        private final Duration size;

        Unit(Duration size) {
            this.size = size;
        }
    }

    private Durations() {}

    /** A duration between two bounds, both included, in whole milliseconds. */
    static SettingType<Duration> between(Duration least, Duration most) {
        SettingType.Parser<Duration> parser = text -> {
            Duration duration = parse(text);
            if (duration.compareTo(least) < 0) {
                throw new BadValueException("must be at least " + format(least));
            }
            if (duration.compareTo(most) > 0) {
                throw new BadValueException("must be at most " + format(most));
            }
            return duration;
        };
        return SettingType.of("duration", format(least) + " to " + format(most), parser)
                .writtenAs(Durations::format)
                .inPlaceholders(duration -> Long.toString(duration.toMillis()));
    }

    /**
     * Of an option of a command.
     *
     * @throws IllegalArgumentException if it is none; the message ends the sentence that begins with the option's name
     */
    public static Duration ofOption(String text) {
        try {
            return parse(text);
        } catch (BadValueException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    static Duration parse(String text) throws BadValueException {
        Matcher matcher = SHORT.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            Unit unit = Unit.valueOf(matcher.group(2).toUpperCase(Locale.ROOT));
            return unit.size.multipliedBy(Long.parseLong(matcher.group(1)));
        }
        if (text.matches("\\d+")) {
            throw new BadValueException("must have a unit, for example " + text + "ms or " + text + "s");
        }
        return parseIso(text);
    }

    private static Duration parseIso(String text) throws BadValueException {
        try {
            Duration duration = Duration.parse(text);
            if (duration.toNanosPart() % 1_000_000 != 0) {
                throw new BadValueException("must be whole milliseconds");
            }
            return duration;
        } catch (DateTimeParseException e) {
            throw new BadValueException("must be a duration such as 500ms, 2s, 10m, 1h, 30d or PT2S");
        }
    }

    /** In the largest unit that needs no fraction, so that 90 minutes are {@code 90m} and 24 hours {@code 1d}. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        for (Unit unit : Unit.values()) {
            long size = unit.size.toMillis();
            if (millis != 0 && millis % size == 0) {
                return millis / size + unit.name().toLowerCase(Locale.ROOT);
            }
        }
        return "0ms";
    }
}
