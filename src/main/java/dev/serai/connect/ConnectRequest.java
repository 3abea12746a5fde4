package dev.serai.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import dev.serai.wire.SceneElement;
import dev.serai.wire.StartConversation;
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

    private static final List<String> OWN_FIELDS =
            List.of("character_id", "connection_type", SESSION, "dynamic_info", "scene_description", "speaker_id");

    /** The body as bytes. */
    public ConnectBody toBody() {
        // Not a deep copy: nothing within the options is changed.
        ObjectNode body = Json.MAPPER.createObjectNode().setAll(event.connectOptions());
        // None of the options can stand in for a field of the contract's section 1, set or not.
        body.remove(OWN_FIELDS);
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
        return new ConnectBody(Json.bytes(body), characterSessionId, namesSession(event.connectOptions()));
    }

    private static boolean namesSession(ObjectNode options) {
        return options.hasNonNull("room_session_id")
                || options.path("characters").findValue(SESSION) != null;
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
