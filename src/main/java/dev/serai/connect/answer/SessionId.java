package dev.serai.connect.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

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
    private static final int MOST = 51;

    static final String FIELD = "session_id";

    /** Those of the room and of each of its characters, as an answer names them; each once. */
    static List<SessionId> in(ObjectNode answer) {
        return Stream.concat(
                        Stream.of(answer),
                        StreamSupport.stream(answer.path("characters").spliterator(), false)
                                .limit(MOST))
                .map(holder -> holder.get(FIELD))
                .filter(Objects::nonNull)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(id -> !id.isBlank() && id.length() <= MAX_LENGTH)
                .distinct()
                .limit(MOST)
                .map(SessionId::new)
                .toList();
    }

    /** Nothing of it. */
    @Override
    public String toString() {
        return "SessionId[masked]";
    }
}
