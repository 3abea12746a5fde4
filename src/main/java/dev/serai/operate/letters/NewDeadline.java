package dev.serai.operate.letters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.EndConversation;
import dev.serai.wire.Json;
import java.time.Duration;
import java.util.Optional;

/**
 * Gives an event another deadline: {@code ttl_ms}, which counts from the time of its new record, in place of
 * {@code expires_at}. That is the one thing that a replay changes in a value, and only when it is asked to: JSON is written
 * anew, its numbers as they were. Stateless.
 */
final class NewDeadline {
    private NewDeadline() {}

    /** The event's bytes; empty if it has no deadline that could be changed: it is no JSON object, or an end event. */
    static Optional<byte[]> of(Letter letter, Duration deadline) {
        JsonNode changed = letter.json().deepCopy();
        Optional<ObjectNode> event = Letter.event(changed)
                .filter(start -> !EndConversation.END.equals(
                        start.path(EndConversation.ACTION).textValue()));
        event.ifPresent(start -> {
            start.remove("expires_at");
            start.put("ttl_ms", deadline.toMillis());
        });
        return event.map(start -> Json.bytes(changed));
    }
}
