package dev.serai.connect.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The id of a live session, which is a credential as long as that lives: it opens others on the same account, and ends this
 * one (contract, section 3).
 *
 * @param value neither blank nor longer than {@value #MAX_LENGTH} characters
 */
public record SessionId(String value) {
    /** UUIDs today. */
    private static final int MAX_LENGTH = 200;

    /** The contract's bound for the characters of one room, and the room's own. */
    static final int MOST = 51;

    static final String FIELD = "session_id";

    /** Those of the room and of each of its characters, as an answer names them; each once. */
    static List<SessionId> in(ObjectNode answer) {
        Set<SessionId> ids = new LinkedHashSet<>();
        addIfUsable(answer.path(FIELD), ids);
        for (JsonNode character : answer.path("characters")) {
            if (ids.size() == MOST) {
                break;
            }
            addIfUsable(character.path(FIELD), ids);
        }
        return List.copyOf(ids);
    }

    private static void addIfUsable(JsonNode id, Set<SessionId> ids) {
        if (id.isTextual() && !id.textValue().isBlank() && id.textValue().length() <= MAX_LENGTH) {
            ids.add(new SessionId(id.textValue()));
        }
    }

    /** Nothing of it. */
    @Override
    public String toString() {
        return "SessionId[masked]";
    }
}
