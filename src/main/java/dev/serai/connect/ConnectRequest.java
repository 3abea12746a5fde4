package dev.serai.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import dev.serai.wire.SceneElement;
import dev.serai.wire.StartConversation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /connect}: exactly what the event and its enrichment say, in the contract's fields, and
 * nothing for what is absent.
 *
 * @param characterSessionId the session to go on with; null for a new one
 * @param scene inline and looked-up elements, possibly none
 * @param dynamicInfo inline and looked-up information, or null
 */
public record ConnectRequest(
        StartConversation event,
        @Nullable String characterSessionId,
        List<SceneElement> scene,
        @Nullable ObjectNode dynamicInfo) {

    private static final String SESSION = "character_session_id";

    /* Options in which an event can name sessions. */
    private static final String ROOM_SESSION = "room_session_id";
    private static final String CHARACTERS = "characters";

    private static final List<String> OWN_FIELDS =
            List.of("character_id", "connection_type", SESSION, "dynamic_info", "scene_description", "speaker_id");

    /** The body as bytes. */
    public ConnectBody toBody() {
        // Not a deep copy: nothing within the options is changed.
        ObjectNode body = Json.MAPPER.createObjectNode().setAll(event.connectOptions());
        // None of the options can stand in for a field of the contract's section 1, set or not.
        body.remove(OWN_FIELDS);
        JsonNode spawnAgent = body.get("spawn_agent");
        body.remove(ConnectBody.CHANGING);
        body.put("character_id", event.characterId());
        body.set("connection_type", Json.MAPPER.valueToTree(event.connectionType()));
        putText(body, "speaker_id", event.speakerId());
        putText(body, "end_user_id", event.endUserId());
        if (event.endUserMetadata() != null) {
            body.set("end_user_metadata", event.endUserMetadata());
        }
        if (dynamicInfo != null) {
            body.set("dynamic_info", dynamicInfo);
        }
        if (!scene.isEmpty()) {
            body.set("scene_description", Json.MAPPER.valueToTree(scene));
        }
        return new ConnectBody(Json.bytes(body), characterSessionId, spawnAgent, namesSession(event.connectOptions()));
    }

    private static boolean namesSession(ObjectNode options) {
        return options.hasNonNull(ROOM_SESSION) || options.path(CHARACTERS).findValue(SESSION) != null;
    }

    /** The same without the sessions that {@link #namesSession} finds. */
    static byte[] withoutSessions(byte[] body) {
        try {
            ObjectNode fields = (ObjectNode) Json.MAPPER.readTree(body);
            fields.remove(ROOM_SESSION);
            JsonNode characters = fields.path(CHARACTERS);
            for (JsonNode parent = characters.findParent(SESSION);
                    parent != null;
                    parent = characters.findParent(SESSION)) {
                ((ObjectNode) parent).remove(SESSION);
            }
            return Json.bytes(fields);
        } catch (IOException e) {
            throw new UncheckedIOException("a request is no JSON", e);
        }
    }

    private static void putText(ObjectNode body, String field, @Nullable String value) {
        if (value != null) {
            body.put(field, value);
        }
    }

    /** The ids only: the rest may hold personal data. */
    @Override
    public String toString() {
        return "ConnectRequest[" + event.eventId() + ", character " + event.characterId() + "]";
    }
}
