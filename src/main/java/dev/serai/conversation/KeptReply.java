package dev.serai.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connect.answer.RoomSecrets;
import dev.serai.session.OpenSession;
import dev.serai.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** The reply that has told of a room, as it is kept with the room's session. Holds secrets. Immutable. */
final class KeptReply {
    private final ObjectNode fields;
    private final Instant validUntil;

    private KeptReply(ObjectNode fields, Instant validUntil) {
        this.fields = fields;
        this.validUntil = validUntil;
    }

    /**
     * The session's reply.
     *
     * @param idle how long after its opening a room can be joined whose token does not say so
     * @return null if it is not kept, or a route has made something else of it than JSON
     */
    static @Nullable KeptReply of(OpenSession session, Duration idle) {
        byte[] bytes = session.reply();
        if (bytes == null) {
            return null;
        }
        try {
            return Json.MAPPER.readTree(bytes) instanceof ObjectNode fields
                    ? new KeptReply(
                            fields,
                            validUntil(
                                    fields.path("expires_at"),
                                    session.openedAt().plus(idle)))
                    : null;
        } catch (IOException | DateTimeParseException e) {
            return null;
        }
    }

    private static Instant validUntil(JsonNode expiresAt, Instant otherwise) {
        return expiresAt.isTextual() ? Instant.parse(expiresAt.textValue()) : otherwise;
    }

    /** Until when a client can join with it. */
    Instant validUntil() {
        return validUntil;
    }

    /** For another reply: from now on the process knows its secrets as such, which another process may have handed out. */
    ObjectNode handOut(boolean withSessionIds) {
        RoomSecrets.know(fields);
        return withSessionIds ? fields : RoomSecrets.withoutSessionIds(fields);
    }

    /** Nothing of it. */
    @Override
    public String toString() {
        return "KeptReply[" + validUntil + "]";
    }
}
