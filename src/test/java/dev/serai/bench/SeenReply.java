package dev.serai.bench;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.serai.wire.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the benchmark looks at in a reply.
 *
 * @param started whether it holds a session of the provider
 */
record SeenReply(String eventId, boolean started) {

    /** @throws IOException if it is no JSON object with an {@code event_id} */
    static SeenReply read(byte[] reply) throws IOException {
        String eventId = null;
        boolean started = false;
        try (JsonParser parser = Json.MAPPER.createParser(reply)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME && !(eventId != null && started)) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("event_id")) {
                    eventId = parser.getText();
                } else if (field.equals("session_id")) {
                    started = value == JsonToken.VALUE_STRING;
                } else {
                    parser.skipChildren();
                }
            }
        }
        return new SeenReply(named(eventId), started);
    }

    private static String named(@Nullable String eventId) throws IOException {
        if (eventId == null) {
            throw new IOException("a reply without event_id");
        }
        return eventId;
    }
}
