package dev.serai.conversation;

import dev.serai.connect.EndCause;
import dev.serai.connect.SessionEnder;
import dev.serai.connect.answer.SessionId;
import dev.serai.observe.ConversationMetrics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of rooms that no reply will tell of: their sessions are ended, beside the events' own work and as far as the
 * provider lets them be. The one place that decides which. Thread-safe.
 */
public final class UnpublishedRooms {
    private final SessionEnder ender;
    private final ConversationMetrics metrics;

    public UnpublishedRooms(SessionEnder ender, ConversationMetrics metrics) {
        this.ender = ender;
        this.metrics = metrics;
    }

    /** The event has failed: it has no room, or one that is not to be published. */
    void failed(Conversation conversation) {
        end(conversation);
    }

    /**
     * The event ends here without an answer, and runs again: it is another owner's, or its routes were broken. It will get
     * another room.
     */
    void runsAgain(Conversation conversation) {
        end(conversation);
    }

    /** The service stopped while Kafka was committing: somebody may be in that room. */
    void perhapsPublished(Conversation conversation) {
        if (conversation.takeUnpublished() != null) {
            metrics.possibleDuplicateSession();
        }
    }

    /** A room was opened that is not the event's, see {@link dev.serai.connect.ConnectPolicy.Decision.Discard}. */
    void discarded(String tenant, List<SessionId> sessions) {
        metrics.possibleDuplicateSession();
        end(tenant, sessions, EndCause.NOT_PUBLISHED);
    }

    private void end(Conversation conversation) {
        @Nullable List<SessionId> sessions = conversation.takeUnpublished();
        if (sessions != null) {
            metrics.possibleDuplicateSession();
            end(conversation.event().tenant(), sessions, EndCause.NOT_PUBLISHED);
        }
    }

    /**
     * A call has come to an answer that lacks what a client needs.
     *
     * @param sessions those that it names; mostly none
     */
    void unusable(String tenant, List<SessionId> sessions) {
        if (!sessions.isEmpty()) {
            end(tenant, sessions, EndCause.UNUSABLE_ANSWER);
        }
    }

    private void end(String tenant, List<SessionId> sessions, EndCause cause) {
        var unused = ender.end(tenant, sessions.stream().map(SessionId::value).toList(), cause);
    }
}
