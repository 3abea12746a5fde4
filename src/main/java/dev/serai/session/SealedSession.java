package dev.serai.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An {@link OpenSession} as a session record has it: what ends the session, and its reply, are sealed. Immutable.
 *
 * @param openedAt in whole milliseconds
 * @param closeAt in whole milliseconds; null if this service is not to end it by itself
 * @param keyId of the key that it is sealed with
 * @param sealed not copied, never to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, passed on as they came and never compared
public record SealedSession(
        String eventId,
        String characterId,
        String tenant,
        Instant openedAt,
        @Nullable Instant closeAt,
        String keyId,
        byte[] sealed) {

    /**
     * Whether it counts as over; it may be open all the same.
     *
     * @param idle how long a session counts as open that nobody has ended
     */
    public boolean isOver(Duration idle, Instant now) {
        return !OpenSession.overAt(openedAt, closeAt, idle).isAfter(now);
    }

    /**
     * Whether it is not to be known any more.
     *
     * @param idle how long a session counts as open that nobody has ended
     */
    public boolean isForgotten(Duration idle, Instant now) {
        return !OpenSession.forgottenAt(openedAt, closeAt, idle).isAfter(now);
    }

    /** Nothing that is the customer's. */
    @Override
    public String toString() {
        return "SealedSession[" + openedAt + ", key " + keyId + "]";
    }
}
