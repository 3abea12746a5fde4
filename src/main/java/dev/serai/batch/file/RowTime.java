package dev.serai.batch.file;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Times as people write them in files and options. Stateless. */
public final class RowTime {
    private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("H:mm[:ss]");
    private static final Pattern LOOKS_RIGHT =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d)?(Z|[+-]\\d\\d:\\d\\d)?");

    private RowTime() {}

    /**
     * A date and time: {@code 2026-01-31T10:00:00Z}, {@code 2026-01-31T10:00+01:00}, or in the zone
     * {@code 2026-01-31T10:00} or {@code 2026-01-31 10:00}. One that the zone's clocks skip is taken for so much later.
     *
     * @throws IllegalArgumentException if it is none; the message ends the sentence that begins with its place
     */
    public static Instant at(String text, ZoneId zone) {
        String stripped = text.strip();
        String iso = stripped.length() > 10 && stripped.charAt(10) == ' '
                ? stripped.substring(0, 10) + "T" + stripped.substring(11)
                : stripped;
        try {
            return OffsetDateTime.parse(iso).toInstant();
        } catch (DateTimeParseException e) {
            try {
                return LocalDateTime.parse(iso).atZone(zone).toInstant();
            } catch (DateTimeParseException local) {
                throw new IllegalArgumentException(
                        "must be a date and time such as 2026-01-31T10:00 (of " + zone + ") or 2026-01-31T10:00:00Z"
                                + (LOOKS_RIGHT.matcher(iso).matches()
                                        ? ", and names a day or a time that there is not"
                                        : ""),
                        local);
            }
        }
    }

    /** A time of day as in {@code 08:00}: when it is that time next; empty if it is something else. */
    public static Optional<Instant> next(String timeOfDay, ZoneId zone, Instant now) {
        LocalDate today = now.atZone(zone).toLocalDate();
        return timeOfDay(timeOfDay).flatMap(time -> Stream.of(today, today.plusDays(1))
                .map(day -> ZonedDateTime.of(day, time, zone))
                .flatMap(at -> Stream.of(at, at.withLaterOffsetAtOverlap()))
                .map(ZonedDateTime::toInstant)
                .filter(at -> !at.isBefore(now))
                .findFirst());
    }

    /** A time of day; empty if it is something else. */
    public static Optional<LocalTime> timeOfDay(String text) {
        try {
            return Optional.of(LocalTime.parse(text.strip(), TIME_OF_DAY));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
