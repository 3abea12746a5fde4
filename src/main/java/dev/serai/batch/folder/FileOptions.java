package dev.serai.batch.folder;

import dev.serai.batch.JobSpec.Window;
import dev.serai.batch.file.InputOptions;
import dev.serai.batch.file.RowTime;
import dev.serai.settings.Durations;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
        ZoneId zone = find(route, "zone", ZoneId::of).orElseGet(ZoneId::systemDefault);
        InputOptions input = new InputOptions(
                find(route, "map", FileOptions::columns).orElse(Map.of()),
                Map.of(),
                find(route, "row-id", text -> text).orElse(null),
                find(route, "null", text -> text).orElse(null),
                null,
                find(route, "at-column", text -> text).orElse(null),
                find(route, "lead", Durations::ofOption).orElse(LEAD),
                zone,
                find(route, "deadline", Durations::ofOption).orElse(DEADLINE),
                find(route, "close-after", Durations::ofOption).orElse(null),
                find(route, "skip-invalid", Boolean::parseBoolean).orElse(false));
        return new FileOptions(
                input,
                find(route, "window", text -> window(text, zone)).orElse(null),
                find(route, "rate", Double::valueOf).orElse(null),
                find(route, "max-open", Integer::valueOf).orElse(null));
    }

    private static <T> Optional<T> find(Message route, String name, Function<String, T> parser) {
        String text = route.getHeader(PREFIX + name, String.class);
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(text.strip()));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "header " + PREFIX + name + " of the route cannot be " + text + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> columns(String text) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String each : text.split("[,\n]", -1)) {
            int equals = each.lastIndexOf('=');
            String column = equals < 0 ? "" : each.substring(0, equals).strip();
            String field = each.substring(equals + 1).strip();
            if (column.isEmpty() || field.isEmpty() || columns.put(column, field) != null) {
                throw new IllegalArgumentException(
                        "it must be such as figure=character_id, note=dynamic_info.text, with each" + " column once");
            }
        }
        return columns;
    }

    private static Window window(String text, ZoneId zone) {
        String[] ends = text.split("-", -1);
        LocalTime from = ends.length == 2 ? RowTime.timeOfDay(ends[0]).orElse(null) : null;
        LocalTime to = ends.length == 2 ? RowTime.timeOfDay(ends[1]).orElse(null) : null;
        if (from == null || to == null) {
            throw new IllegalArgumentException("it must be such as 08:00-18:00");
        }
        return new Window(from, to, zone);
    }
}
