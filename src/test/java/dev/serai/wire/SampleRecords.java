package dev.serai.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Complete, valid records for tests to start from; everything private in them contains {@link #PRIVATE}. */
public final class SampleRecords {
    /** Part of every secret and of all personal data, so that a test can look for it where it must not be. */
    public static final String PRIVATE = "PRIVATE";

    public static final Instant TIMESTAMP = Instant.parse("2026-01-31T10:00:00Z");

    private SampleRecords() {}

    /** A JSON object; single quotes stand for double ones. */
    public static ObjectNode json(String singleQuoted) {
        try {
            return (ObjectNode) Json.MAPPER.readTree(singleQuoted.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + singleQuoted, e);
        }
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static RecordHeader header(String name, String value) {
        return new RecordHeader(name, utf8(value));
    }

    /** A record of the start topic. */
    public static OriginalRecord original(byte @Nullable [] value, RecordHeader... headers) {
        return original(utf8("conversation-1"), value, headers);
    }

    /** A record of the start topic with another key. */
    @SuppressWarnings("NullAway") // which does not read the annotations of a compiled record's array components
    public static OriginalRecord original(byte @Nullable [] key, byte @Nullable [] value, RecordHeader... headers) {
        return new OriginalRecord("conversation.start", 3, 41, TIMESTAMP, key, value, List.of(headers));
    }

    /** A start event that says everything. */
    public static StartConversation event() {
        return new StartConversation(
                "event-1",
                "character-1",
                ConnectionType.VIDEO,
                "PRIVATE-character-session",
                Continuity.RESUME,
                "PRIVATE-speaker",
                "PRIVATE-user",
                json("{'name':'PRIVATE'}"),
                List.of(new SceneElement("desk", "PRIVATE desk")),
                json("{'text':'PRIVATE text'}"),
                "PRIVATE-scene-ref",
                "PRIVATE-context-ref",
                json("{'debug':'PRIVATE'}"),
                TIMESTAMP.plusSeconds(60),
                "default",
                null,
                Priority.LIVE);
    }

    /** A start event that says only what it must. */
    public static StartConversation leastEvent() {
        return leastEvent(
                "event-2", "character-1", ConnectionType.AUDIO, null, TIMESTAMP.plusSeconds(60), Priority.LIVE);
    }

    /** A start event that says only what it must, and this. */
    public static StartConversation leastEvent(
            String eventId,
            String characterId,
            ConnectionType connectionType,
            @Nullable String contextRef,
            Instant expiresAt,
            Priority priority) {
        return new StartConversation(
                eventId,
                characterId,
                connectionType,
                null,
                Continuity.RESUME,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                contextRef,
                Json.MAPPER.createObjectNode(),
                expiresAt,
                "default",
                null,
                priority);
    }

    /** What the provider answers. */
    public static ObjectNode answer() {
        return json("{'session_id':'PRIVATE-session','character_session_id':'PRIVATE-character-session',"
                + "'room_url':'wss://rooms.example/PRIVATE','room_name':'PRIVATE-room','token':'PRIVATE.token.x',"
                + "'speaker_id':null}");
    }

    public static Reply.Identity identity() {
        return new Reply.Identity(
                "event-1",
                "conversation-1",
                "default",
                "character-1",
                ConnectionType.VIDEO,
                1,
                false,
                List.of(),
                false);
    }

    public static Reply.Origins origins() {
        return new Reply.Origins(
                new Provenance(Provenance.Status.FRESH, Duration.ZERO, "scenes", List.of("scene: a note")),
                Provenance.unasked(false));
    }

    public static Reply.Started started(ObjectNode answer) {
        return new Reply.Started(
                identity(),
                answer,
                Reply.SessionContinuity.RESUMED,
                TIMESTAMP,
                TIMESTAMP.plusSeconds(3600),
                origins(),
                new Reply.Timings(Duration.ofMillis(3), Duration.ZERO, Duration.ofMillis(120)));
    }

    public static Reply.Started started() {
        return started(answer());
    }
}
