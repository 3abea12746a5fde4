package dev.serai.connect;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.wire.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /connect} as bytes, for as many calls as it takes: what it was made of, which weighs many times
 * as much, need not be kept for them. Immutable.
 */
public final class ConnectBody {
    private static final byte[] SESSION = "{\"character_session_id\":".getBytes(StandardCharsets.UTF_8);

    private final byte[] withoutSession;
    private final @Nullable String characterSessionId;
    private final boolean optionsNameSession;

    /**
     * @param withoutSession a JSON object with at least one field, and without a session; never to be changed
     * @param characterSessionId the session to go on with, or null
     * @param optionsNameSession whether there is another session among the event's options
     */
    ConnectBody(byte[] withoutSession, @Nullable String characterSessionId, boolean optionsNameSession) {
        this.withoutSession = withoutSession;
        this.characterSessionId = characterSessionId;
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
        return new ConnectBody(withoutSession, null, optionsNameSession);
    }

    /** UTF-8; never to be changed. */
    public byte[] toBytes() {
        if (characterSessionId == null) {
            return withoutSession;
        }
        byte[] session = Json.bytes(TextNode.valueOf(characterSessionId));
        ByteBuffer body = ByteBuffer.allocate(SESSION.length + session.length + withoutSession.length)
                .put(SESSION)
                .put(session)
                .put((byte) ',')
                // Behind the brace that it begins with.
                .put(withoutSession, 1, withoutSession.length - 1);
        return body.array();
    }

    /** Nothing of the content: it may hold personal data. */
    @Override
    public String toString() {
        return "ConnectBody[" + withoutSession.length + " bytes]";
    }
}
