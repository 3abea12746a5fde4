package dev.serai.connect.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import dev.serai.wire.KnownSecrets;
import java.util.List;
import java.util.Map;

/** The credentials in what describes a room: a provider's answer, or a reply that was made of one. Stateless. */
public final class RoomSecrets {
    static final String ROOM_URL_FIELD = "room_url";

    private static final String TOKEN_FIELD = "token";

    /** The contract's bound for the characters of one room, and the room's own. */
    private static final int MOST_KNOWN = 51;

    private RoomSecrets() {}

    /** From now on the process knows what it is about to hand out, or has been told and will not hand out. */
    public static void know(ObjectNode room) {
        know(room.path(TOKEN_FIELD), room.path(SessionId.FIELD), room.path(ROOM_URL_FIELD));
        // Of the characters of a room, or wherever else. A provider must not make others' secrets forgotten.
        List<JsonNode> tokens = room.findValues(TOKEN_FIELD);
        List<JsonNode> sessions = room.findValues(SessionId.FIELD);
        List<JsonNode> urls = room.findValues(ROOM_URL_FIELD);
        for (int i = 0; i < MOST_KNOWN; i++) {
            know(nth(tokens, i), nth(sessions, i), nth(urls, i));
        }
    }

    private static void know(JsonNode token, JsonNode session, JsonNode roomUrl) {
        KnownSecrets.OF_PROCESS.addHandedOut(token.asText(""));
        KnownSecrets.OF_PROCESS.addHandedOut(session.asText(""));
        KnownSecrets.OF_PROCESS.addRoomUrl(roomUrl.asText(""));
    }

    private static JsonNode nth(List<JsonNode> values, int n) {
        return n < values.size() ? values.get(n) : MissingNode.getInstance();
    }

    /**
     * The same without the {@code session_id} of the room, of its characters, and of whatever else has one.
     *
     * @return an object of the caller's, with values that are not to be changed
     */
    public static ObjectNode withoutSessionIds(ObjectNode room) {
        return (ObjectNode) without(Json.MAPPER.createObjectNode().setAll(room));
    }

    /** The very value if there is none in it: no more is copied than is changed. */
    private static JsonNode without(JsonNode value) {
        ContainerNode<?> changed = null;
        switch (value) {
            case ObjectNode object -> {
                for (Map.Entry<String, JsonNode> field : object.properties()) {
                    boolean isOne = field.getKey().equals(SessionId.FIELD);
                    JsonNode kept = isOne ? field.getValue() : without(field.getValue());
                    if (isOne || kept != field.getValue()) {
                        ObjectNode copy =
                                changed == null ? Json.MAPPER.createObjectNode().setAll(object) : (ObjectNode) changed;
                        changed = isOne ? copy.without(SessionId.FIELD) : copy.set(field.getKey(), kept);
                    }
                }
            }
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    JsonNode kept = without(array.get(i));
                    if (kept != array.get(i)) {
                        ArrayNode copy =
                                changed == null ? Json.MAPPER.createArrayNode().addAll(array) : (ArrayNode) changed;
                        copy.set(i, kept);
                        changed = copy;
                    }
                }
            }
            default -> {}
        }
        return changed == null ? value : changed;
    }
}
