package dev.serai.session;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A live session at the provider whose room a reply has told of. Holds secrets. Immutable.
 *
 * @param eventId the event that it was opened for
 * @param sessionIds what ends it: one, or one for each character of a room with several; at least one
 * @param openedAt in whole milliseconds
 * @param closeAt when this service is to end it; null if its clients do, or the provider when it idles
 * @param reply the value of its {@code started} reply, to answer a repetition of its event with; null if it is not kept
 */
public record OpenSession(
        String eventId,
        String characterId,
        String tenant,
        List<String> sessionIds,
        Instant openedAt,
        @Nullable Instant closeAt,
        byte @Nullable [] reply) {

    public OpenSession {
        if (sessionIds.isEmpty()) {
            throw new IllegalArgumentException("a session has at least one id");
        }
        sessionIds = List.copyOf(sessionIds);
    }

    /** Nothing that is secret, or the customer's. */
    @Override
    public String toString() {
        return "OpenSession[" + openedAt + "]";
    }
}
