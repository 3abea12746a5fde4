package dev.serai.dialect.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.loop.UnusableFileException;
import dev.serai.table.WatchedTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
        table = new WatchedTable<>(name, file, LookUpRows.COLUMNS, checks, this::rows, listener);
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
        return table.get(LookUpRows.normal(key, numbers));
    }

    private Map<String, ObjectNode> rows(Path file, Map<String, JsonNode> entries) throws UnusableFileException {
        LookUpRows.requireRows(file, entries);
        LookUpRows rows = LookUpRows.of(entries, numbers);
        if (!rows.problems().isEmpty()) {
            // Not its key, which may be somebody's number.
            throw new UnusableFileException(file, rows.problems().getFirst().what());
        }
        for (ObjectNode row : rows.all().values()) {
            checkTenant(file, row);
        }
        return rows.all();
    }

    /** An event of a tenant that there is not would be refused, after the call has come. */
    private void checkTenant(Path file, ObjectNode row) throws UnusableFileException {
        String tenant = row.path("tenant").textValue();
        if (tenant != null && !tenants.isEmpty() && !tenants.contains(tenant)) {
            throw new UnusableFileException(
                    file,
                    "must have one of the tenants (" + String.join(", ", new TreeSet<>(tenants)) + ") as tenant, has \""
                            + tenant + "\"");
        }
    }

    /** Ends the watch. Look-ups go on being answered. */
    @Override
    public void close() {
        table.close();
    }
}
