package dev.serai.session;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.serai.session.SessionRecord.UnreadableException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The {@link FinalEnd} of each tenant as an object in a session record, as {@code schema/session.json} has it. Stateless. */
final class FinalEndFields {
    private static final String EVENT = "event_id";
    private static final String AT = "at";

    private FinalEndFields() {}

    /** Writes the object, with the tenants' names as its fields. */
    static void write(Map<String, FinalEnd> ends, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, FinalEnd> end : ends.entrySet()) {
            json.writeObjectFieldStart(end.getKey());
            json.writeStringField(EVENT, end.getValue().eventId());
            json.writeStringField(AT, end.getValue().at().toString());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /** Reads the object that the parser has just begun; unknown fields of an end are ignored. */
    static SequencedMap<String, FinalEnd> read(JsonParser json) throws IOException, UnreadableException {
        SequencedMap<String, FinalEnd> ends = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String tenant = json.currentName();
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new UnreadableException("a tenant's end must be an object");
            }
            ends.put(tenant, readEnd(json));
        }
        return ends;
    }

    private static FinalEnd readEnd(JsonParser json) throws IOException, UnreadableException {
        @Nullable String eventId = null;
        @Nullable String at = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            boolean isText = json.nextToken() == JsonToken.VALUE_STRING;
            switch (field) {
                case EVENT -> eventId = isText ? json.getText() : null;
                case AT -> at = isText ? json.getText() : null;
                default -> {}
            }
            json.skipChildren();
        }
        if (eventId == null || at == null) {
            throw new UnreadableException((eventId == null ? EVENT : AT) + " of a tenant's end must be a text");
        }
        return new FinalEnd(eventId, instant(at));
    }

    private static Instant instant(String text) throws UnreadableException {
        try {
            return UtcTime.parse(text);
        } catch (DateTimeException e) {
            throw new UnreadableException(AT + " of a tenant's end is no RFC 3339 time");
        }
    }
}
