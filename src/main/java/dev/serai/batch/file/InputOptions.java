package dev.serai.batch.file;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a file's rows become events; kept with the job, so that it can be resumed. Immutable.
 *
 * @param columns fields by column, for columns of other names
 * @param fields what every event says, whatever its row says
 * @param rowId the column with the user's own name of a row; null: rows have none
 * @param nullText the text that stands for null; null: none does
 * @param at when all rows are needed; null: as soon as can be, or as {@code atColumn} says
 * @param atColumn the column that says when its row is needed
 * @param lead how long before that its event is published
 * @param zone of times that name none
 * @param deadline how long after its publishing, or after the time at which it is needed, an event is worth a room
 * @param closeAfter how long after its opening a room is closed; null: as events say
 * @param skipsInvalid whether bad rows are left out
 */
public record InputOptions(
        Map<String, String> columns,
        Map<String, String> fields,
        @Nullable String rowId,
        @Nullable String nullText,
        @Nullable Instant at,
        @Nullable String atColumn,
        Duration lead,
        ZoneId zone,
        Duration deadline,
        @Nullable Duration closeAfter,
        boolean skipsInvalid) {
    public InputOptions {
        columns = new TreeMap<>(columns);
        fields = new TreeMap<>(fields);
    }
}
