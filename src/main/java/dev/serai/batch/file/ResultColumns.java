package dev.serai.batch.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * What results say of each row. Immutable.
 *
 * @param redacted whether they leave out what lets its reader join the room
 * @param withSessionId whether they have the provider's {@code session_id}, which is a credential
 */
public record ResultColumns(boolean redacted, boolean withSessionId) {
    static final String ROW = "row";
    static final String STATUS = "status";
    static final String CATEGORY = "category";
    static final String EVENT_ID = "event_id";

    /** In their order; the row's number first. */
    List<String> names() {
        List<String> names = new ArrayList<>(
                List.of(ROW, "row_id", "line", STATUS, CATEGORY, "detail", EVENT_ID, "character_id", "room_name"));
        if (!redacted) {
            names.addAll(List.of("room_url", "token"));
        }
        names.addAll(List.of("expires_at", "character_session_id"));
        if (withSessionId) {
            names.add("session_id");
        }
        names.addAll(List.of("answered_at", "request_trace_id", "possible_duplicate_session", "stand_in"));
        return names;
    }

    /** The columns of a result, in their order; each a scalar, in one line. */
    ObjectNode of(ObjectNode result) {
        ObjectNode columns = Json.MAPPER.createObjectNode();
        for (String name : names()) {
            JsonNode value = result.path(name);
            if (value.isMissingNode() || value.isNull()) {
                columns.putNull(name);
            } else if (value.isTextual() || value.isContainerNode()) {
                columns.put(name, oneLine(Json.text(value)));
            } else {
                columns.set(name, value);
            }
        }
        return columns;
    }

    private static String oneLine(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length());
        text.chars().forEach(c -> line.append(Character.isISOControl(c) ? ' ' : (char) c));
        return line.toString();
    }
}
