package dev.serai.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import java.io.IOException;

/**
 * The JSON work that every contender but Serai has written for it: from an event to the provider's request, and from the
 * provider's answer to the reply. It reads and writes each body once, as Serai does.
 */
final class ReceivedEvent {
    private final String eventId;
    private final byte[] request;

    private ReceivedEvent(String eventId, byte[] request) {
        this.eventId = eventId;
        this.request = request;
    }

    static ReceivedEvent read(byte[] event) throws IOException {
        ObjectNode json = (ObjectNode) Json.MAPPER.readTree(event);
        String eventId = json.remove("event_id").textValue();
        return new ReceivedEvent(eventId, Json.bytes(json));
    }

    String eventId() {
        return eventId;
    }

    /** The body of {@code POST /connect}. */
    byte[] request() {
        return request;
    }

    /** The provider's answer with the event's id. */
    byte[] reply(byte[] answer) throws IOException {
        ObjectNode json = (ObjectNode) Json.MAPPER.readTree(answer);
        return Json.bytes(json.put("event_id", eventId));
    }
}
