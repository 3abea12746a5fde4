package dev.serai.batch.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.JobId;
import dev.serai.batch.JobTopics;
import dev.serai.wire.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of rows. Columns of fields' names are these fields; an empty cell is absent. For one thread.
 */
final class RowMapping {
    /** Columns that are remembered as of no use. */
    private static final int MOST_UNUSED = 50;

    private final String job;
    private final Instant now;
    private final InputOptions options;
    private final Map<EventField, String> byOption = new HashMap<>();
    private final Map<String, Optional<EventField>> targets = new HashMap<>();
    private final Map<EventField, String> columns = new LinkedHashMap<>();
    private final Map<EventField, JsonNode> constants = new LinkedHashMap<>();
    private final Set<String> wanted = new LinkedHashSet<>();
    private final Set<String> unused = new LinkedHashSet<>();

    /**
     * @param now when the job begins
     * @throws IllegalArgumentException if options name what there is not; the message begins with the option
     */
    RowMapping(String job, Instant now, InputOptions options) {
        this.job = job;
        this.now = now;
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
        String wrong = options.at() == null ? null : problem(options.at());
        if (wrong != null) {
            throw new IllegalArgumentException("--at " + wrong);
        }
    }

    private static EventField field(String option, String name) {
        try {
            return EventField.named(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + e.getMessage(), e);
        }
    }

    /** Of the columns that options name, those that are not among these; of rows that say theirs themselves, not yet seen. */
    Set<String> missing(@Nullable List<String> header) {
        Set<String> missing = new LinkedHashSet<>(wanted);
        if (header != null) {
            header.forEach(missing::remove);
        }
        return missing;
    }

    /** Whether rows of these columns may say a field, or all say it by option. */
    boolean canSay(String name, List<String> header) {
        EventField field = EventField.named(name);
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

    RowEvent event(Row row) throws BadCell {
        ObjectNode event = Json.MAPPER.createObjectNode();
        String key = null;
        for (Map.Entry<String, JsonNode> cell : row.values().entrySet()) {
            String column = cell.getKey();
            wanted.remove(column);
            EventField field = target(column);
            JsonNode value = value(field, cell.getValue());
            if (field == null || value == null) {
                continue;
            }
            if (field.isConversationKey()) {
                key = text(column, value);
            } else if (!field.put(event, value)) {
                throw new BadCell(column, "sets " + field.name() + ", and another column sets it, or what it is in");
            }
        }
        for (Map.Entry<EventField, JsonNode> constant : constants.entrySet()) {
            if (constant.getKey().isConversationKey()) {
                key = constant.getValue().asText();
            } else if (!constant.getKey().set(event, constant.getValue())) {
                throw new BadCell(null, "--set " + constant.getKey().name() + ": a column sets what that is in");
            }
        }
        String rowId = rowId(row);
        String eventId = JobId.eventId(job, row.number(), rowId);
        Instant due = complete(event, eventId, at(row));
        return new RowEvent(row.number(), rowId, key != null ? key : rowId.isEmpty() ? eventId : rowId, due, event);
    }

    private @Nullable EventField target(String column) {
        return targets.computeIfAbsent(column, this::look).orElse(null);
    }

    private Optional<EventField> look(String column) {
        String mapped = options.columns().get(column);
        EventField field = mapped == null ? EventField.find(column) : EventField.named(mapped);
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

    /** Null if it is absent. */
    private @Nullable JsonNode value(@Nullable EventField field, JsonNode cell) {
        if (field == null || !cell.isTextual()) {
            return field == null ? null : cell;
        }
        String text = cell.textValue();
        if (text.isEmpty()) {
            return null;
        }
        return text.equals(options.nullText()) ? Json.MAPPER.nullNode() : field.value(text);
    }

    /** The user's own name of a row that may be bad; empty if it has none that could be one. */
    String knownRowId(Row row) {
        try {
            return rowId(row);
        } catch (BadCell e) {
            return "";
        }
    }

    private String rowId(Row row) throws BadCell {
        String column = options.rowId();
        if (column == null) {
            return "";
        }
        String id = text(column, row.values().getOrDefault(column, Json.MAPPER.missingNode()));
        if (id.length() > JobId.MAX_ROW_ID_CHARACTERS) {
            throw new BadCell(
                    column, "must have at most " + JobId.MAX_ROW_ID_CHARACTERS + " characters, as the row's id");
        }
        return id;
    }

    private static String text(String column, JsonNode value) throws BadCell {
        String text = value.isTextual() || value.isNumber() ? value.asText().strip() : "";
        if (text.isEmpty()) {
            throw new BadCell(column, "must hold a text, and is " + (value.isTextual() ? "empty" : "none"));
        }
        if (!Json.isEncodable(value)) {
            throw new BadCell(column, "must be of whole characters, without halves of surrogate pairs");
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw new BadCell(column, "must be in one line, without control characters");
        }
        return text;
    }

    private @Nullable Instant at(Row row) throws BadCell {
        String column = options.atColumn();
        JsonNode cell = column == null ? null : row.values().get(column);
        if (column == null || cell == null || cell.isNull() || cell.asText().isBlank()) {
            return options.at();
        }
        Instant at;
        try {
            at = RowTime.at(cell.asText(), options.zone());
        } catch (IllegalArgumentException e) {
            throw new BadCell(column, String.valueOf(e.getMessage()));
        }
        String wrong = problem(at);
        if (wrong != null) {
            throw new BadCell(column, wrong);
        }
        return at;
    }

    /** Why rooms cannot be needed then; null if they can. */
    private @Nullable String problem(Instant at) {
        if (at.plus(options.deadline()).isBefore(now)) {
            return "is " + at + ", which has passed for longer than --deadline allows";
        }
        return at.isAfter(now.plus(JobTopics.RETENTION))
                ? "is " + at + ", more than " + JobTopics.RETENTION.toDays()
                        + " days away, and rows are kept for so long: make a job of it later"
                : null;
    }

    /** @return when it is to be published; null: as soon as can be */
    private @Nullable Instant complete(ObjectNode event, String eventId, @Nullable Instant at) {
        event.put("event_id", eventId);
        event.put("priority", "batch");
        if (options.closeAfter() != null && !event.hasNonNull("close_after_ms")) {
            event.put("close_after_ms", options.closeAfter().toMillis());
        }
        if (!event.hasNonNull("expires_at") && !event.hasNonNull("ttl_ms")) {
            if (at == null) {
                event.put("ttl_ms", options.deadline().toMillis());
            } else {
                event.put("expires_at", at.plus(options.deadline()).toString());
            }
        }
        return at == null ? null : at.minus(options.lead());
    }
}
