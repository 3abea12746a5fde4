package dev.serai.batch.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which columns of a file say which fields of events, and which fields options say for all rows. For one thread. */
final class ColumnTargets {
    /** Columns that are remembered as of no use. */
    private static final int MOST_UNUSED = 50;

    private final InputOptions options;
    private final Map<EventField, String> byOption = new HashMap<>();
    private final Map<String, Optional<EventField>> targets = new HashMap<>();
    private final Map<EventField, String> columns = new LinkedHashMap<>();
    private final Map<EventField, JsonNode> constants = new LinkedHashMap<>();
    private final Set<String> wanted = new LinkedHashSet<>();
    private final Set<String> unused = new LinkedHashSet<>();

    /** @throws IllegalArgumentException if options name what there is not; the message begins with the option */
    ColumnTargets(InputOptions options) {
        this.options = options;
        options.columns().forEach((column, name) -> {
            EventField field = field("--map " + column + "=" + name + " ", name);
            String other = byOption.putIfAbsent(field, column);
            if (other != null) {
                throw new IllegalArgumentException("--map: columns " + other + " and " + column + " are both mapped to "
                        + name + ": a field has one column");
            }
            wanted.add(column);
        });
        options.fields().forEach((name, value) -> {
            EventField field = field("--set " + name + " ", name);
            constants.put(field, field.value(value));
        });
        Stream.of(options.rowId(), options.atColumn()).forEach(column -> {
            if (column != null) {
                wanted.add(column);
            }
        });
    }

    private static EventField field(String option, String name) {
        try {
            return EventFields.named(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + e.getMessage(), e);
        }
    }

    /** What options say for all rows. */
    Map<EventField, JsonNode> constants() {
        return constants;
    }

    /** A row has this column; the field that it says, or null. */
    @Nullable
    EventField met(String column) {
        wanted.remove(column);
        return target(column);
    }

    /**
     * Goes on if all columns that options name are there.
     *
     * @param header null if rows say theirs themselves: then those count that were met
     * @throws IllegalArgumentException if options name columns that there are not
     */
    void requireThere(@Nullable List<String> header) {
        Set<String> missing = new LinkedHashSet<>(wanted);
        if (header != null) {
            header.forEach(missing::remove);
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("there is no column " + String.join(", ", missing) + ", which --map,"
                    + " --row-id or --at-column names"
                    + (header == null ? ", in any row" : "; columns are " + String.join(", ", header)));
        }
    }

    /** Whether rows of these columns may say a field, or all say it by option. */
    boolean canSay(String name, List<String> header) {
        EventField field = EventFields.named(name);
        return constants.containsKey(field) || header.stream().anyMatch(column -> field.equals(target(column)));
    }

    /** Columns that say nothing to events, the first ones. */
    Set<String> unused() {
        return Set.copyOf(unused);
    }

    /** The column that a field is made of; null if there is none. */
    @Nullable
    String column(String pointer) {
        return columns.entrySet().stream()
                .filter(entry -> pointer.equals(entry.getKey().pointer())
                        || pointer.startsWith(entry.getKey().pointer() + "/"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private @Nullable EventField target(String column) {
        return targets.computeIfAbsent(column, this::look).orElse(null);
    }

    private Optional<EventField> look(String column) {
        String mapped = options.columns().get(column);
        EventField field = mapped == null ? EventFields.find(column) : EventFields.named(mapped);
        if (mapped == null && field != null && byOption.containsKey(field)) {
            // The option has said which column it is.
            field = null;
        }
        if (field != null) {
            requireNotSet(field, column);
            columns.put(field, column);
        } else if (!column.equals(options.rowId())
                && !column.equals(options.atColumn())
                && unused.size() < MOST_UNUSED) {
            unused.add(column);
        }
        return Optional.ofNullable(field);
    }

    /** A field that is set, with all that is in it, leaves nothing of a column that sets a part. */
    private void requireNotSet(EventField field, String column) {
        constants.keySet().stream().filter(set -> set.holds(field)).findFirst().ifPresent(set -> {
            throw new IllegalArgumentException("--set " + set.name() + " and column " + column
                    + ", which sets a part of it, exclude each other: say --set " + field.name()
                    + ", or rename the column");
        });
    }
}
