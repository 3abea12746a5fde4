package dev.serai.connect.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.KnownSecrets;
import java.util.LinkedHashSet;
import java.util.Set;

/** The credentials in what describes a room: a provider's answer, or a reply that was made of one. Stateless. */
public final class RoomSecrets {
    static final String ROOM_URL_FIELD = "room_url";

    private static final String TOKEN_FIELD = "token";

    private RoomSecrets() {}

    /** From now on the process knows what it is about to hand out, or has been told and will not hand out. */
    public static void know(ObjectNode room) {
        // Of the characters of a room, or wherever else. A provider must not make others' secrets forgotten.
        texts(room, TOKEN_FIELD).forEach(KnownSecrets.OF_PROCESS::addHandedOut);
        texts(room, SessionId.FIELD).forEach(KnownSecrets.OF_PROCESS::addHandedOut);
        texts(room, ROOM_URL_FIELD).forEach(KnownSecrets.OF_PROCESS::addRoomUrl);
    }

    /** The room's own, and those of what is within it, each once. */
    private static Set<String> texts(ObjectNode room, String field) {
        Set<String> texts = new LinkedHashSet<>();
        texts.add(room.path(field).asText(""));
        for (JsonNode value : room.findValues(field)) {
            if (texts.size() == SessionId.MOST) {
                break;
            }
            texts.add(value.asText(""));
        }
        return texts;
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
