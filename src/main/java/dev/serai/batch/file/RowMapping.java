package dev.serai.batch.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.JobId;
import dev.serai.wire.Json;
import dev.serai.wire.event.EventPreviews;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of rows. Columns of fields' names are these fields; an empty cell is absent. For one thread.
 */
final class RowMapping {
    private final String job;
    private final RowSchedule schedule;
    private final InputOptions options;
    private final ColumnTargets columns;

    /**
     * @param now when the job begins
     * @throws IllegalArgumentException if options name what there is not; the message begins with the option
     */
    RowMapping(String job, Instant now, InputOptions options) {
        this.job = job;
        this.options = options;
        columns = new ColumnTargets(options);
        schedule = new RowSchedule(options, now);
    }

    /** Which columns say which fields. */
    ColumnTargets columns() {
        return columns;
    }

    RowEvent event(Row row) throws BadCell {
        ObjectNode event = Json.MAPPER.createObjectNode();
        String key = null;
        for (Map.Entry<String, JsonNode> cell : row.values().entrySet()) {
            String column = cell.getKey();
            EventField field = columns.met(column);
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
        for (Map.Entry<EventField, JsonNode> constant : columns.constants().entrySet()) {
            if (constant.getKey().isConversationKey()) {
                key = constant.getValue().asText();
            } else if (!constant.getKey().set(event, constant.getValue())) {
                throw new BadCell(null, "--set " + constant.getKey().name() + ": a column sets what that is in");
            }
        }
        String rowId = rowId(row);
        String eventId = JobId.eventId(job, row.number(), rowId);
        event.put("event_id", eventId);
        event.put("priority", "batch");
        Instant due = schedule.complete(event, schedule.at(row));
        String conversationKey = key != null ? key : rowId.isEmpty() ? eventId : rowId;
        return new RowEvent(row.number(), rowId, conversationKey, due, previewFirst(event));
    }

    private static ObjectNode previewFirst(ObjectNode event) {
        ObjectNode ordered = Json.MAPPER.createObjectNode();
        EventPreviews.FIELDS.stream().filter(event::has).forEach(name -> ordered.set(name, event.get(name)));
        ordered.setAll(event);
        return ordered;
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
}
