package dev.serai.session;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ConversationState} as the value of a record of the session topic: JSON, as {@code schema/session.json} has
 * it. A null value, which forgets the conversation, is not for this class. Read token by token and without a look for
 * fields that are there twice, of which the last counts, because a start waits for a million of them.
 */
public final class SessionRecord {
    static final int SCHEMA_VERSION = 1;

    private static final String VERSION_FIELD = "schema_version";
    private static final String SESSIONS_FIELD = "sessions";
    private static final String EVENTS_FIELD = "event_ids";
    private static final String ENDED_FIELD = "ended";
    private static final String UPDATED_FIELD = "updated_at";
    private static final String OPEN_FIELD = "open_sessions";

    private static final JsonFactory JSON = JsonFactory.builder()
            // Ids of characters are names of fields: the JVM's table of interned texts is no place for them.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private SessionRecord() {}

    /** The value is no session record; the message says why, and repeats nothing of it. */
    public static final class UnreadableException extends Exception {
        UnreadableException(String message) {
            super(message);
        }
    }

    /** What a record holds. Immutable. */
    public record Content(ConversationState state, List<SealedSession> openSessions) {
        public Content {
            openSessions = List.copyOf(openSessions);
        }
    }

    /**
     * The value of a record.
     *
     * @param openSessions those beyond {@link OpenSessions#MAX_OF_CONVERSATION} are left out, the earliest first
     */
    public static byte[] encode(ConversationState state, List<SealedSession> openSessions) {
        var bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField(VERSION_FIELD, SCHEMA_VERSION);
            json.writeObjectFieldStart(SESSIONS_FIELD);
            for (Map.Entry<String, String> session : state.sessions().entrySet()) {
                json.writeStringField(session.getKey(), session.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart(EVENTS_FIELD);
            for (String eventId : state.eventIds()) {
                json.writeString(eventId);
            }
            json.writeEndArray();
            if (!state.ends().isEmpty()) {
                json.writeFieldName(ENDED_FIELD);
                FinalEndFields.write(state.ends(), json);
            }
            json.writeStringField(UPDATED_FIELD, state.updatedAt().toString());
            List<SealedSession> latest = latest(openSessions);
            if (!latest.isEmpty()) {
                json.writeArrayFieldStart(OPEN_FIELD);
                for (SealedSession open : latest) {
                    SealedSessionFields.write(open, json);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return bytes.toByteArray();
    }

    private static List<SealedSession> latest(List<SealedSession> open) {
        return open.subList(Math.max(0, open.size() - OpenSessions.MAX_OF_CONVERSATION), open.size());
    }

    /**
     * Unknown fields are ignored, as are sessions and events beyond their bounds.
     *
     * @throws UnreadableException if the value is of another schema version, or no session record at all
     */
    public static Content decode(byte[] value) throws UnreadableException {
        try (JsonParser json = JSON.createParser(value)) {
            return read(json);
        } catch (JsonProcessingException e) {
            // Not the parser's own message: it quotes the value.
            throw new UnreadableException(
                    "is no JSON at byte " + e.getLocation().getByteOffset());
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be read", e);
        }
    }

    private static Content read(JsonParser json) throws IOException, UnreadableException {
        require(json.nextToken(), JsonToken.START_OBJECT, "the value", "an object");
        SequencedMap<String, String> sessions = new LinkedHashMap<>();
        List<String> eventIds = new ArrayList<>();
        SequencedMap<String, FinalEnd> ends = new LinkedHashMap<>();
        Instant updatedAt = null;
        List<SealedSession> open = List.of();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case VERSION_FIELD -> {
                    require(value, JsonToken.VALUE_NUMBER_INT, VERSION_FIELD, "a whole number");
                    requireKnownVersion(json.getValueAsInt(-1));
                }
                case SESSIONS_FIELD -> {
                    require(value, JsonToken.START_OBJECT, SESSIONS_FIELD, "an object");
                    readSessions(json, sessions);
                }
                case EVENTS_FIELD -> {
                    require(value, JsonToken.START_ARRAY, EVENTS_FIELD, "an array");
                    readEventIds(json, eventIds);
                }
                case ENDED_FIELD -> {
                    require(value, JsonToken.START_OBJECT, ENDED_FIELD, "an object");
                    ends = FinalEndFields.read(json);
                }
                case UPDATED_FIELD -> {
                    require(value, JsonToken.VALUE_STRING, UPDATED_FIELD, "a text");
                    updatedAt = instant(json.getText());
                }
                case OPEN_FIELD -> {
                    require(value, JsonToken.START_ARRAY, OPEN_FIELD, "an array");
                    open = readOpen(json);
                }
                default -> json.skipChildren();
            }
        }
        require(json.nextToken(), null, "what follows the value", "nothing");
        if (updatedAt == null) {
            throw new UnreadableException(UPDATED_FIELD + " is missing");
        }
        return new Content(new ConversationState(sessions, eventIds, ends, updatedAt), latest(open));
    }

    private static List<SealedSession> readOpen(JsonParser json) throws IOException, UnreadableException {
        List<SealedSession> open = new ArrayList<>();
        for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
            require(item, JsonToken.START_OBJECT, "an open session", "an object");
            open.add(SealedSessionFields.read(json));
        }
        return open;
    }

    private static void readSessions(JsonParser json, Map<String, String> sessions)
            throws IOException, UnreadableException {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String characterId = json.currentName();
            require(json.nextToken(), JsonToken.VALUE_STRING, "a character's session", "a text");
            sessions.put(characterId, json.getText());
        }
    }

    private static void readEventIds(JsonParser json, List<String> eventIds) throws IOException, UnreadableException {
        for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
            require(item, JsonToken.VALUE_STRING, "an event's id", "a text");
            eventIds.add(json.getText());
        }
    }

    private static Instant instant(String text) throws UnreadableException {
        try {
            return UtcTime.parse(text);
        } catch (DateTimeException e) {
            throw new UnreadableException(UPDATED_FIELD + " is no RFC 3339 time");
        }
    }

    private static void requireKnownVersion(int version) throws UnreadableException {
        if (version != SCHEMA_VERSION) {
            throw new UnreadableException(VERSION_FIELD + " must be " + SCHEMA_VERSION + ", was " + version);
        }
    }

    private static void require(
            @Nullable JsonToken found, @Nullable JsonToken expected, String what, String description)
            throws UnreadableException {
        if (found != expected) {
            throw new UnreadableException(what + " must be " + description);
        }
    }
}
