package dev.serai.batch.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What became of a row. Holds secrets.
 *
 * @param number the row's
 * @param status {@code started} if it has a room
 * @param category why it has none; empty if it has one
 * @param fields all that can be told of it
 */
public record ResultRow(int number, String status, String category, ObjectNode fields) {
    static final String STARTED = "started";

    /** Nothing was sent, for the row is bad. */
    private static final String INVALID = "invalid";

    private static final String FAILED = "failed";

    /** The job was, or the conversation's end came, before there was a room: no failure. */
    private static final String CANCELLED = "cancelled";

    /** Of a reply. */
    public static ResultRow answered(int number, String eventId, int line, ObjectNode reply, Instant at) {
        ObjectNode fields = reply.deepCopy();
        JsonNode error = reply.path("error");
        String category = error.path("category").asText();
        fields.put("answered_at", at.truncatedTo(ChronoUnit.MILLIS).toString());
        fields.set("detail", error.get("detail"));
        if (error.has("request_trace_id")) {
            fields.set("request_trace_id", error.get("request_trace_id"));
        }
        String rowId = rowId(eventId);
        String status =
                category.equals(CANCELLED) ? CANCELLED : reply.path("status").asText(FAILED);
        return of(number, rowId, eventId, line, status, category, fields);
    }

    /**
     * Of a row that has no reply.
     *
     * @param status such as {@code lost}
     * @param detail what that means
     */
    public static ResultRow unanswered(int number, String eventId, int line, String status, String detail) {
        return of(
                number,
                rowId(eventId),
                eventId,
                line,
                status,
                status,
                Json.MAPPER.createObjectNode().put("detail", detail));
    }

    /** Of a row that is bad, so that it has no event. */
    public static ResultRow invalid(Mistake mistake) {
        return of(
                mistake.row(),
                mistake.rowId(),
                "",
                (int) mistake.line(),
                INVALID,
                "invalid_event",
                Json.MAPPER.createObjectNode().put("detail", mistake.text()));
    }

    private static ResultRow of(
            int number, String rowId, String eventId, int line, String status, String category, ObjectNode fields) {
        fields.put(ResultColumns.ROW, number);
        fields.put("row_id", rowId.isEmpty() ? null : rowId);
        fields.put("line", line == 0 ? null : line);
        fields.put(ResultColumns.STATUS, status);
        fields.put(ResultColumns.CATEGORY, category.isEmpty() ? null : category);
        fields.put(ResultColumns.EVENT_ID, eventId.isEmpty() ? null : eventId);
        return new ResultRow(number, status, category, fields);
    }

    /** The user's own name of a row, as its event's id has it; empty without one. */
    private static String rowId(String eventId) {
        String[] id = eventId.split("/", 3);
        return id.length < 3 ? "" : id[2];
    }

    /** Whether it has a room. */
    public boolean isStarted() {
        return status.equals(STARTED);
    }

    /** Whether the row could be tried again as it is: all that has no room, but for bad rows. */
    boolean canBeTriedAgain() {
        return !isStarted() && !status.equals(INVALID);
    }

    /** Which row: the rest holds secrets. */
    @Override
    public String toString() {
        return "ResultRow[" + number + ", " + status + "]";
    }
}
