package dev.serai.batch;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of jobs, such as {@code 20261126-0815-k3x9q2vb}, and the ids of their events, {@code JOB/NUMBER} or
 * {@code JOB/NUMBER/ROWID}: from an event's id follows which row it is. Stateless.
 */
public final class JobId {
    /** Of the user's own name of a row: with the rest within the 512 characters of an event's id. */
    public static final int MAX_ROW_ID_CHARACTERS = 400;

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final int RANDOM_CHARACTERS = 8;
    private static final Pattern EVENT_OF_CREATED = Pattern.compile(
            "(\\d{8}-\\d{4}-[a-z2-9]{" + RANDOM_CHARACTERS + "}|folder-[0-9a-f]{24})/(\\d{1,18})(?:/.*)?",
            Pattern.DOTALL);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmm").withZone(ZoneOffset.UTC);
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

    private JobId() {}

    /** A new one. */
    public static String create(Instant now) {
        StringBuilder id = new StringBuilder(TIME.format(now)).append('-');
        new SecureRandom()
                .ints(RANDOM_CHARACTERS, 0, ALPHABET.length())
                .forEach(next -> id.append(ALPHABET.charAt(next)));
        return id.toString();
    }

    /** Whether it can be one: it becomes part of keys, event ids and names of transactions. */
    public static boolean isValid(String id) {
        return FORM.matcher(id).matches();
    }

    /**
     * The id of a row's event.
     *
     * @param number of the row in its file, from 1 on
     * @param rowId the user's own name of it; empty: none
     */
    public static String eventId(String job, long number, String rowId) {
        return job + "/" + number + (rowId.isEmpty() ? "" : "/" + rowId);
    }

    /**
     * A row of a job.
     *
     * @param number from 1 on
     */
    public record Row(String job, long number) {}

    /**
     * Of which job's row an event is; empty if its id has neither the form that {@link #create} gives, nor that of a folder's
     * jobs.
     */
    public static Optional<Row> row(String eventId) {
        Matcher parts = EVENT_OF_CREATED.matcher(eventId);
        return parts.matches()
                ? Optional.of(new Row(parts.group(1), Long.parseLong(parts.group(2))))
                : Optional.empty();
    }

    /** Which row an event is, if it is one of the job. */
    public static Optional<Long> rowNumber(String job, String eventId) {
        if (!eventId.startsWith(job + "/")) {
            return Optional.empty();
        }
        int begin = job.length() + 1;
        int end = eventId.indexOf('/', begin);
        try {
            return Optional.of(Long.parseLong(eventId, begin, end < 0 ? eventId.length() : end, 10));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
