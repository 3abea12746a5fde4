package dev.serai.cli;

import dev.serai.batch.JobSpec.Window;
import dev.serai.batch.file.InputOptions;
import dev.serai.batch.file.RowTime;
import dev.serai.settings.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say when a job's rooms are needed, and for how long. */
final class TimeOptions {
    private static final Duration LONGEST_DEADLINE = Duration.ofDays(365);
    private static final Duration LONGEST_LEAD = Duration.ofDays(1);
    private static final Duration LONGEST_ROOM = Duration.ofDays(1);

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description =
                    "When all rooms are needed: 2026-01-31T10:00, 2026-01-31T10:00:00Z, or 10:00, which is the next"
                            + " one (default: as soon as can be).")
    private @Nullable String at;

    @Option(
            names = "--at-column",
            paramLabel = "COLUMN",
            description = "The column that says when its row's room is needed; an empty cell: as --at says.")
    private @Nullable String atColumn;

    @Option(
            names = "--lead",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description = "How long before that a room is asked for (default: ${DEFAULT-VALUE}).")
    private String lead = "30s";

    @Option(
            names = "--window",
            paramLabel = "FROM-TO",
            description =
                    "The times of day at which rows are handed to the service, such as 08:00-18:00 (default: all). Rows that"
                            + " were handed over and wait there, 20 at most or what --rate allows in 5 s, go on after it.")
    private @Nullable String window;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "Of times that name none, such as Europe/Berlin (default: this machine's).")
    private @Nullable String zone;

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "How long a room is worth opening after it was needed, or asked for where no time is named"
                    + " (default: ${DEFAULT-VALUE}). A row's own ttl_ms or expires_at wins.")
    private String deadline = "1h";

    @Option(
            names = "--close-after",
            paramLabel = "DURATION",
            description =
                    "Close each room so long after its opening, at most 24h (default: as rows say in close_after_ms,"
                            + " or never).")
    private @Nullable String closeAfter;

    /** What they say of a file; wrong usage is found by asking. */
    InputOptions input(RowOptions rows, Map<String, String> fields, Instant now) {
        return new InputOptions(
                rows.columns(),
                fields,
                rows.rowId(),
                rows.nullText(),
                at(now),
                atColumn,
                duration("--lead", lead, Duration.ZERO, LONGEST_LEAD),
                zone(),
                duration("--deadline", deadline, Duration.ofSeconds(1), LONGEST_DEADLINE),
                closeAfter == null ? null : duration("--close-after", closeAfter, Duration.ofSeconds(1), LONGEST_ROOM),
                rows.skipsInvalid());
    }

    private @Nullable Instant at(Instant now) {
        if (at == null) {
            return null;
        }
        String text = at;
        try {
            return RowTime.next(text, zone(), now).orElseGet(() -> RowTime.at(text, zone()));
        } catch (IllegalArgumentException e) {
            throw usage("--at " + e.getMessage() + ", or a time of day such as 10:00, was " + Printable.line(text));
        }
    }

    private ZoneId zone() {
        try {
            return zone == null ? ZoneId.systemDefault() : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw usage(
                    "--zone must be a zone such as Europe/Berlin or UTC, was " + Printable.line(String.valueOf(zone)));
        }
    }

    /** Wrong usage is found by asking. */
    @Nullable
    Window window() {
        if (window == null) {
            return null;
        }
        String[] ends = window.split("-", -1);
        LocalTime from = ends.length == 2 ? RowTime.timeOfDay(ends[0]).orElse(null) : null;
        LocalTime to = ends.length == 2 ? RowTime.timeOfDay(ends[1]).orElse(null) : null;
        if (from == null || to == null || from.equals(to)) {
            throw usage("--window must be two times of day that differ, such as 08:00-18:00, was "
                    + Printable.line(window));
        }
        return new Window(from, to, zone());
    }

    private Duration duration(String option, String text, Duration least, Duration most) {
        try {
            Duration duration = Durations.ofOption(text);
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw new IllegalArgumentException(
                        "must be at least " + Durations.format(least) + " and at most " + Durations.format(most));
            }
            return duration;
        } catch (IllegalArgumentException e) {
            throw usage(option + " " + e.getMessage() + ", was " + Printable.line(text));
        }
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
