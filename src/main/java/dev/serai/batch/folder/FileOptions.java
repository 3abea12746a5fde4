package dev.serai.batch.folder;

import dev.serai.batch.JobSpec.Window;
import dev.serai.batch.file.InputOptions;
import dev.serai.batch.file.RowTime;
import dev.serai.settings.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * How the files of a folder become jobs, as headers of the route say: they are called as the options of {@code serai provision
 * run}, with {@code provision.} before. Immutable.
 *
 * @param window the times of day at which events are published; null: all
 * @param rate events a second; null: no bound
 * @param maxOpen rooms that may be open at once; null: no bound
 */
record FileOptions(
        InputOptions input,
        @Nullable Window window,
        @Nullable Double rate,
        @Nullable Integer maxOpen) {
    private static final String PREFIX = "provision.";
    private static final Duration LEAD = Duration.ofSeconds(30);
    private static final Duration DEADLINE = Duration.ofHours(1);

    /** @throws IllegalArgumentException which names the header that is wrong */
    static FileOptions of(Message route) {
        ZoneId zone = read(route, "zone", ZoneId::of, ZoneId.systemDefault());
        String times = read(route, "window", text -> text, null);
        InputOptions input = new InputOptions(
                Map.of(),
                Map.of(),
                read(route, "row-id", text -> text, null),
                read(route, "null", text -> text, null),
                (Instant) null,
                read(route, "at-column", text -> text, null),
                read(route, "lead", Durations::ofOption, LEAD),
                zone,
                read(route, "deadline", Durations::ofOption, DEADLINE),
                read(route, "close-after", Durations::ofOption, null),
                read(route, "skip-invalid", Boolean::parseBoolean, false));
        return new FileOptions(
                input,
                times == null ? null : window(times, zone),
                read(route, "rate", Double::valueOf, null),
                read(route, "max-open", Integer::valueOf, null));
    }

    private static <T extends @Nullable Object> T read(
            Message route, String name, Function<String, T> parser, T otherwise) {
        String text = route.getHeader(PREFIX + name, String.class);
        if (text == null || text.isBlank()) {
            return otherwise;
        }
        try {
            return parser.apply(text.strip());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "header " + PREFIX + name + " of the route cannot be " + text + ": " + e.getMessage(), e);
        }
    }

    private static Window window(String text, ZoneId zone) {
        String[] ends = text.split("-", -1);
        LocalTime from = ends.length == 2 ? RowTime.timeOfDay(ends[0]).orElse(null) : null;
        LocalTime to = ends.length == 2 ? RowTime.timeOfDay(ends[1]).orElse(null) : null;
        if (from == null || to == null) {
            throw new IllegalArgumentException(
                    "header " + PREFIX + "window of the route must be such as 08:00-18:00, was " + text);
        }
        return new Window(from, to, zone);
    }
}
