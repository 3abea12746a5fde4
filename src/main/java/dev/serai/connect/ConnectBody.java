package dev.serai.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /connect} as bytes, for as many calls as it takes: what it was made of, which weighs many times
 * as much, need not be kept for them. Immutable.
 */
public final class ConnectBody {
    /** What may change from one call of an event to the next: never among the other fields. */
    static final List<String> CHANGING = List.of("character_session_id", "spawn_agent");

    private final byte[] others;
    private final @Nullable String characterSessionId;
    private final @Nullable JsonNode spawnAgent;
    private final boolean optionsNameSession;

    /**
     * @param others a JSON object with at least one field, and none of {@link #CHANGING}; never to be changed
     * @param characterSessionId the session to go on with, or null
     * @param spawnAgent whether the character comes into the room, as the event says; null if it says nothing
     * @param optionsNameSession whether there is another session among the event's options
     */
    ConnectBody(
            byte[] others,
            @Nullable String characterSessionId,
            @Nullable JsonNode spawnAgent,
            boolean optionsNameSession) {
        this.others = others;
        this.characterSessionId = characterSessionId;
        this.spawnAgent = spawnAgent;
        this.optionsNameSession = optionsNameSession;
    }

    /** Whether there is another session among the event's options, such as that of one of several characters. */
    boolean optionsNameSession() {
        return optionsNameSession;
    }

    /** Whether a session is named that is to go on. */
    public boolean hasSession() {
        return characterSessionId != null;
    }

    /** The same body for a new session. */
    public ConnectBody withoutSession() {
        return new ConnectBody(others, null, spawnAgent, optionsNameSession);
    }

    /** The same body without any session, among the options neither. */
    ConnectBody withoutAnySession() {
        return new ConnectBody(
                optionsNameSession ? ConnectRequest.withoutSessions(others) : others, null, spawnAgent, false);
    }

    /**
     * UTF-8; never to be changed.
     *
     * @param room how the call asks for the one room of its event; null if it asks for any
     */
    public byte[] toBytes(@Nullable OneRoom room) {
        ObjectNode changing = Json.MAPPER.createObjectNode();
        if (characterSessionId != null) {
            changing.put("character_session_id", characterSessionId);
        }
        if (spawnAgent != null) {
            changing.set("spawn_agent", spawnAgent);
        }
        if (room != null) {
            room.addTo(changing);
        }
        if (changing.isEmpty()) {
            return others;
        }
        byte[] first = Json.bytes(changing);
        return ByteBuffer.allocate(first.length + others.length - 1)
                // Without its closing brace, and the others without their opening one.
                .put(first, 0, first.length - 1)
                .put((byte) ',')
                .put(others, 1, others.length - 1)
                .array();
    }

    /** Nothing of the content: it may hold personal data. */
    @Override
    public String toString() {
        return "ConnectBody[" + others.length + " bytes]";
    }
}
