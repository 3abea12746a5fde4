package dev.serai.operate.explain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the session topic says of the conversation. Without {@code serai.sessions.key-file} it tells of no open session.
 *
 * @param open that were not ended, as far as it knows
 * @param finalEnd how the conversation was ended for good; null if it was not
 * @param problem why it cannot be seen; null if it can
 */
public record SessionsSeen(
        List<OpenSeen> open,
        @Nullable FinalEndSeen finalEnd,
        @Nullable String problem) {
    /** Nothing is remembered. */
    static final SessionsSeen NONE = new SessionsSeen(List.of(), null, null);

    public SessionsSeen {
        open = List.copyOf(open);
    }

    /**
     * A session that nobody has ended.
     *
     * @param closeAt when the service ends it by itself; null if it does not
     * @param over whether its time is over
     */
    public record OpenSeen(
            String eventId,
            String characterId,
            Instant openedAt,
            @Nullable Instant closeAt,
            boolean over) {}

    /** The event that has ended it for good. */
    public record FinalEndSeen(String eventId, Instant at) {}
}
