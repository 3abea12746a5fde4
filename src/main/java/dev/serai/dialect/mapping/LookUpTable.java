package dev.serai.dialect.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.loop.UnusableFileException;
import dev.serai.table.Columns;
import dev.serai.table.WatchedTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.jspecify.annotations.Nullable;

/**
 * A look-up table of an intake: dialled number or queue to character, tenant and scene. A CSV file, whose column {@code key}
 * has the number or the queue, or a JSON object of rows by key. Columns: {@code character_id}, {@code tenant},
 * {@code scene_ref}, {@code ignore} ({@code true} or {@code false}), and others of the mapping's own. The row {@code *} is for
 * keys that have none. Numbers may be written as people do: they are compared as {@code $phone} makes them.
 *
 * <p>The file is looked at every 5 s. While a new version cannot be used, the last one that could be is, and the log says so.
 * Thread-safe; a look-up does not wait.
 */
public final class LookUpTable implements LookUp, AutoCloseable {
    private static final Duration CHECKS = Duration.ofSeconds(5);
    private static final String KEY = "key";
    private static final String IGNORE = "ignore";
    private static final List<String> IDENTIFIERS = List.of("character_id", "tenant", "scene_ref");
    private static final Set<String> COLUMNS = Set.of(KEY, IGNORE, "character_id", "tenant", "scene_ref");
    private static final int LONGEST_IDENTIFIER = 512;

    private static final LevenshteinDistance TYPING_ERRORS = new LevenshteinDistance(2);

    private final PhoneNumbers numbers;
    private final Set<String> tenants;
    private final WatchedTable<ObjectNode> table;

    private LookUpTable(
            String name,
            Path file,
            @Nullable String country,
            Set<String> tenants,
            Duration checks,
            WatchedTable.Listener listener)
            throws UnusableFileException {
        numbers = new PhoneNumbers(country);
        this.tenants = Set.copyOf(tenants);
        table = new WatchedTable<>(name, file, new Columns(KEY, Set.of()), checks, this::rows, listener);
    }

    /**
     * Loads the file, and begins to watch it.
     *
     * @param name for the log, such as {@code intake museum}
     * @param file ends in {@code .csv} or {@code .json}
     * @param country as in {@link MappingContext}
     * @throws UnusableFileException if the file cannot be used; the message names it, the line, and what must be
     */
    public static LookUpTable open(String name, Path file, @Nullable String country, WatchedTable.Listener listener)
            throws UnusableFileException {
        return open(name, file, country, CHECKS, listener);
    }

    /**
     * The same, of a service that has these tenants.
     *
     * @param tenants of which rows may name one
     * @throws UnusableFileException also if a row names another
     */
    public static LookUpTable open(
            String name, Path file, @Nullable String country, Set<String> tenants, WatchedTable.Listener listener)
            throws UnusableFileException {
        return new LookUpTable(name, file, country, tenants, CHECKS, listener);
    }

    static LookUpTable open(
            String name, Path file, @Nullable String country, Duration checks, WatchedTable.Listener listener)
            throws UnusableFileException {
        return new LookUpTable(name, file, country, Set.of(), checks, listener);
    }

    @Override
    public @Nullable ObjectNode row(String key) {
        return table.get(normal(key));
    }

    private String normal(String key) {
        return numbers.normal(key).orElse(key.strip());
    }

    private Map<String, ObjectNode> rows(Path file, Map<String, JsonNode> entries) throws UnusableFileException {
        Map<String, ObjectNode> rows = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : entries.entrySet()) {
            JsonNode value = entry.getValue();
            // Of CSV, the rows of one key.
            JsonNode only = value.isArray() && value.size() == 1 ? value.get(0) : value;
            if (!(only instanceof ObjectNode row)) {
                throw new UnusableFileException(
                        file,
                        value.isArray()
                                ? "must have one row for each key, and has several for one"
                                : "must have an object under each key, with fields such as character_id");
            }
            row.remove(KEY);
            check(file, row);
            checkTenant(file, row);
            if (rows.put(normal(entry.getKey()), row) != null) {
                throw new UnusableFileException(
                        file, "must have one row for each key, and has two for a number that is written in two ways");
            }
        }
        return rows;
    }

    private static void check(Path file, ObjectNode row) throws UnusableFileException {
        for (Map.Entry<String, JsonNode> column : row.properties()) {
            if (!COLUMNS.contains(column.getKey())) {
                checkSpelling(file, column.getKey());
            }
        }
        for (String name : IDENTIFIERS) {
            JsonNode value = row.path(name);
            if (!value.isMissingNode()
                    && !value.isNull()
                    && !(value.isTextual()
                            && !value.textValue().isBlank()
                            && value.textValue().length() <= LONGEST_IDENTIFIER)) {
                throw new UnusableFileException(
                        file, "must have a text of 1 to " + LONGEST_IDENTIFIER + " characters as " + name + ", or none");
            }
        }
        row.put(IGNORE, isIgnored(file, row.path(IGNORE)));
    }

    /** An event of a tenant that there is not would be refused, after the call has come. */
    private void checkTenant(Path file, ObjectNode row) throws UnusableFileException {
        String tenant = row.path("tenant").textValue();
        if (tenant != null && !tenants.isEmpty() && !tenants.contains(tenant)) {
            throw new UnusableFileException(
                    file,
                    "must have one of the tenants ("
                            + String.join(", ", new TreeSet<>(tenants)) + ") as tenant, has \"" + tenant + "\"");
        }
    }

    private static void checkSpelling(Path file, String column) throws UnusableFileException {
        for (String known : COLUMNS) {
            if (column.length() > 3 && TYPING_ERRORS.apply(column.toLowerCase(Locale.ROOT), known) >= 0) {
                throw new UnusableFileException(
                        file, "must have no column \"" + column + "\": did you mean \"" + known + "\"?");
            }
        }
    }

    private static boolean isIgnored(Path file, JsonNode value) throws UnusableFileException {
        return switch (value.asText("").strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false", "", "null" -> false;
            default -> throw new UnusableFileException(file, "must have true, false or nothing as " + IGNORE);
        };
    }

    /** Ends the watch. Look-ups go on being answered. */
    @Override
    public void close() {
        table.close();
    }
}
