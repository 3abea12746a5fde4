package dev.serai.session;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.serai.session.SessionRecord.UnreadableException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@link SealedSession} as an object in a session record, as {@code schema/session.json} has it. Stateless. */
final class SealedSessionFields {
    private static final String EVENT = "event_id";
    private static final String CHARACTER = "character_id";
    private static final String TENANT = "tenant";
    private static final String OPENED = "opened_at";
    private static final String CLOSE = "close_at";
    private static final String KEY = "key_id";
    private static final String SEALED = "sealed";

    private SealedSessionFields() {}

    static void write(SealedSession session, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField(EVENT, session.eventId());
        json.writeStringField(CHARACTER, session.characterId());
        json.writeStringField(TENANT, session.tenant());
        json.writeStringField(OPENED, session.openedAt().toString());
        if (session.closeAt() != null) {
            json.writeStringField(CLOSE, session.closeAt().toString());
        }
        json.writeStringField(KEY, session.keyId());
        json.writeStringField(SEALED, Base64.getEncoder().encodeToString(session.sealed()));
        json.writeEndObject();
    }

    /** Reads the object that the parser has just begun; unknown fields are ignored. */
    static SealedSession read(JsonParser json) throws IOException, UnreadableException {
        Map<String, String> texts = new HashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            if (json.nextToken() == JsonToken.VALUE_STRING) {
                texts.put(field, json.getText());
            } else {
                json.skipChildren();
            }
        }
        return new SealedSession(
                needed(texts, EVENT),
                needed(texts, CHARACTER),
                needed(texts, TENANT),
                instant(OPENED, needed(texts, OPENED)),
                texts.containsKey(CLOSE) ? instant(CLOSE, needed(texts, CLOSE)) : null,
                needed(texts, KEY),
                bytes(needed(texts, SEALED)));
    }

    private static String needed(Map<String, String> texts, String field) throws UnreadableException {
        @Nullable String text = texts.get(field);
        if (text == null) {
            throw new UnreadableException(field + " of an open session must be a text");
        }
        return text;
    }

    private static Instant instant(String field, String text) throws UnreadableException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new UnreadableException(field + " of an open session is no RFC 3339 time");
        }
    }

    private static byte[] bytes(String text) throws UnreadableException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new UnreadableException(SEALED + " of an open session is no base64");
        }
    }
}
