package dev.serai.session;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A live session at the provider whose room a reply has told of. Holds secrets. Immutable.
 *
 * @param eventId the event that it was opened for
 * @param sessionIds what ends it: one, or one for each character of a room with several; at least one
 * @param openedAt in whole milliseconds
 * @param closeAt when this service is to end it, in whole milliseconds; null if its clients do, or the provider when it idles
 * @param reply the value of its {@code started} reply, to answer a repetition of its event with; null if it is not kept; not
 *     copied, never to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, passed on as they came and never compared
public record OpenSession(
        String eventId,
        String characterId,
        String tenant,
        List<String> sessionIds,
        Instant openedAt,
        @Nullable Instant closeAt,
        byte @Nullable [] reply) {
    /** How long a session can be ended that may be over: as long as the longest one that Serai ends at its time. */
    public static final Duration KNOWN = Duration.ofHours(24);

    // Not compact: NullAway would not see that the array may be null.
    public OpenSession(
            String eventId,
            String characterId,
            String tenant,
            List<String> sessionIds,
            Instant openedAt,
            @Nullable Instant closeAt,
            byte @Nullable [] reply) {
        if (sessionIds.isEmpty()) {
            throw new IllegalArgumentException("a session has at least one id");
        }
        this.eventId = eventId;
        this.characterId = characterId;
        this.tenant = tenant;
        this.sessionIds = List.copyOf(sessionIds);
        this.openedAt = openedAt.truncatedTo(ChronoUnit.MILLIS);
        this.closeAt = closeAt == null ? null : closeAt.truncatedTo(ChronoUnit.MILLIS);
        this.reply = reply;
    }

    /**
     * From when on it counts as over, if nobody has ended it: after its opening, or after the time that it was to be ended at.
     */
    static Instant overAt(Instant openedAt, @Nullable Instant closeAt, Duration idle) {
        return (closeAt == null ? openedAt : closeAt).plus(idle);
    }

    /**
     * From when on it is not known any more. One that this service ends at its time is not needed once it counts as over; of
     * others somebody may talk in it long after, and be ended by an event for {@link #KNOWN}.
     */
    static Instant forgottenAt(Instant openedAt, @Nullable Instant closeAt, Duration idle) {
        Duration known = closeAt == null && idle.compareTo(KNOWN) < 0 ? KNOWN : idle;
        return overAt(openedAt, closeAt, known);
    }

    /** Whether this and the other are one session, whatever is still kept of each. */
    public boolean isSame(OpenSession other) {
        return sessionIds.equals(other.sessionIds) && openedAt.equals(other.openedAt);
    }

    /** The same, without its reply. */
    public OpenSession withoutReply() {
        return reply == null
                ? this
                : new OpenSession(eventId, characterId, tenant, sessionIds, openedAt, closeAt, null);
    }

    /** What ends it and when, and nothing of the conversation that it is of. */
    OpenSession nameless() {
        return new OpenSession("", "", tenant, sessionIds, openedAt, closeAt, null);
    }

    /** Nothing that is secret, or the customer's. */
    @Override
    public String toString() {
        return "OpenSession[" + openedAt + "]";
    }
}
