package dev.serai.connect.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.KnownSecrets;
import java.util.List;

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
     * @return a copy, the caller's own
     */
    public static ObjectNode withoutSessionIds(ObjectNode room) {
        ObjectNode copy = room.deepCopy();
        copy.findParents(SessionId.FIELD).forEach(parent -> ((ObjectNode) parent).remove(SessionId.FIELD));
        return copy;
    }
}
