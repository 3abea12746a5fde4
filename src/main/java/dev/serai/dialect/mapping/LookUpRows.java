package dev.serai.dialect.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.loop.UnusableFileException;
import dev.serai.table.Columns;
import dev.serai.table.WatchedTable;
import dev.serai.wire.NearestNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rows of a look-up table as {@link LookUpTable} describes them, and what is wrong with them. Immutable. */
public final class LookUpRows implements LookUp {
    static final Columns COLUMNS = new Columns("key", Set.of());

    private static final String IGNORE = "ignore";
    private static final List<String> IDENTIFIERS = List.of("character_id", "tenant", "scene_ref");
    private static final Set<String> KNOWN = Set.of(COLUMNS.key(), IGNORE, "character_id", "tenant", "scene_ref");
    private static final int LONGEST_IDENTIFIER = 512;
    private static final int TYPING_ERRORS = 2;

    private final PhoneNumbers numbers;
    private final Map<String, ObjectNode> rows = new HashMap<>();
    private final Set<String> columns = new TreeSet<>();
    private final List<Problem> problems = new ArrayList<>();

    /**
     * Something in one row.
     *
     * @param key of the row, as the file has it: it may be somebody's number
     * @param column null if it is about the row as a whole
     * @param what must be, without the key
     */
    public record Problem(String key, @Nullable String column, String what) {}

    private LookUpRows(PhoneNumbers numbers) {
        this.numbers = numbers;
    }

    /**
     * Reads the file once.
     *
     * @param file ends in {@code .csv} or {@code .json}
     * @param country as in {@link MappingContext}
     * @throws UnusableFileException if it holds no rows by key; the message names the file, the line, and what must be
     */
    public static LookUpRows read(Path file, @Nullable String country) throws UnusableFileException {
        Map<String, JsonNode> entries = WatchedTable.once(file, COLUMNS);
        requireRows(file, entries);
        return of(entries, new PhoneNumbers(country));
    }

    /** Such a file is half written, or its rows are gone by mistake: who wants none needs no table. */
    static void requireRows(Path file, Map<String, JsonNode> entries) throws UnusableFileException {
        if (entries.isEmpty()) {
            throw new UnusableFileException(file, "must have at least one row");
        }
    }

    static LookUpRows of(Map<String, JsonNode> entries, PhoneNumbers numbers) {
        LookUpRows rows = new LookUpRows(numbers);
        new TreeMap<>(entries).forEach(rows::add);
        return rows;
    }

    private void add(String key, JsonNode value) {
        // Of CSV, the rows of one key.
        JsonNode only = value.isArray() && value.size() == 1 ? value.get(0) : value;
        if (!(only instanceof ObjectNode row)) {
            problem(
                    key,
                    null,
                    value.isArray()
                            ? "must have one row for each key, and has several for one"
                            : "must have an object under each key, with fields such as character_id");
            return;
        }
        row.remove(COLUMNS.key());
        strip(row);
        row.fieldNames().forEachRemaining(columns::add);
        check(key, row);
        if (rows.put(normal(key, numbers), row) != null) {
            problem(key, null, "must have one row for each key, and has two for a number that is written in two ways");
        }
    }

    /** Blanks around a cell are of the file's layout, and a cell of blanks alone is empty. */
    private static void strip(ObjectNode row) {
        row.properties().forEach(cell -> {
            if (cell.getValue().isTextual()) {
                String text = cell.getValue().textValue().strip();
                cell.setValue(text.isEmpty() ? NullNode.getInstance() : TextNode.valueOf(text));
            }
        });
    }

    private void check(String key, ObjectNode row) {
        for (Map.Entry<String, JsonNode> column : row.properties()) {
            meant(column.getKey())
                    .ifPresent(known -> problem(
                            key,
                            column.getKey(),
                            "must have no column \"" + column.getKey() + "\": did you mean \"" + known + "\"?"));
        }
        for (String name : IDENTIFIERS) {
            String text = row.path(name).textValue();
            // In code points, as the schema of events counts.
            if (row.hasNonNull(name) && (text == null || text.codePoints().count() > LONGEST_IDENTIFIER)) {
                problem(
                        key,
                        name,
                        "must have a text of 1 to " + LONGEST_IDENTIFIER + " characters as " + name + ", or none");
            }
        }
        row.put(
                IGNORE,
                switch (row.path(IGNORE).asText("").strip().toLowerCase(Locale.ROOT)) {
                    case "true" -> true;
                    case "false", "", "null" -> false;
                    default -> {
                        problem(key, IGNORE, "must have true, false or nothing as " + IGNORE);
                        yield false;
                    }
                });
    }

    private void problem(String key, @Nullable String column, String what) {
        problems.add(new Problem(key, column, what));
    }

    /** The column that was probably meant by one of another name. */
    private static Optional<String> meant(String column) {
        return KNOWN.contains(column) || column.length() <= 3
                ? Optional.empty()
                : NearestNames.within(TYPING_ERRORS, column.toLowerCase(Locale.ROOT), KNOWN).stream()
                        .findFirst();
    }

    static String normal(String key, PhoneNumbers numbers) {
        return numbers.normal(key).orElse(key.strip());
    }

    @Override
    public @Nullable ObjectNode row(String key) {
        return rows.get(normal(key, numbers));
    }

    /** By key, numbers as {@code $phone} makes them; never to be changed. */
    public Map<String, ObjectNode> all() {
        return rows;
    }

    /** The names of the columns besides the key's, in their order. */
    public Set<String> columns() {
        return columns;
    }

    /** The names of those that Serai knows nothing of, which are for the mapping. */
    public Set<String> columnsOfMapping() {
        Set<String> own = new TreeSet<>(columns);
        own.removeAll(KNOWN);
        return own;
    }

    /** All that is wrong, in the order of the keys. */
    public List<Problem> problems() {
        return problems;
    }
}
