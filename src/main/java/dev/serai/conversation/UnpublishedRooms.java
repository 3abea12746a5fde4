package dev.serai.conversation;

import dev.serai.connect.EndCause;
import dev.serai.connect.SessionEnder;
import dev.serai.connect.answer.SessionId;
import dev.serai.connect.gate.RoomSlot;
import dev.serai.conversation.Conversation.Unpublished;
import dev.serai.observe.ConversationMetrics;
import java.util.List;

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
     * another room, or come to this one, which is then left open.
     */
    void runsAgain(Conversation conversation) {
        if (!conversation.hasRoomWhenRunAgain()) {
            end(conversation);
        } else if (conversation.delivery().isRevoked()) {
            conversation.leaveToNextOwner();
        }
    }

    /** The service stopped while Kafka was committing: somebody may be in that room. */
    void perhapsPublished(Conversation conversation) {
        if (conversation.takeUnpublished() != null) {
            metrics.possibleDuplicateSession();
        }
    }

    /** A room was opened that is not the event's, see {@link dev.serai.connect.ConnectPolicy.Decision.Discard}. */
    void discarded(String tenant, List<SessionId> sessions, RoomSlot slot) {
        metrics.possibleDuplicateSession();
        end(tenant, sessions, slot, EndCause.NOT_PUBLISHED);
    }

    private void end(Conversation conversation) {
        Unpublished room = conversation.takeUnpublished();
        if (room != null) {
            metrics.possibleDuplicateSession();
            end(conversation.event().tenant(), room.sessions(), room.slot(), EndCause.NOT_PUBLISHED);
        }
    }

    /**
     * A call has come to an answer that lacks what a client needs.
     *
     * @param sessions those that it names; mostly none
     */
    void unusable(String tenant, List<SessionId> sessions, RoomSlot slot) {
        if (!sessions.isEmpty()) {
            end(tenant, sessions, slot, EndCause.UNUSABLE_ANSWER);
        }
    }

    /** Until a session is over, its slot is taken. */
    private void end(String tenant, List<SessionId> sessions, RoomSlot slot, EndCause cause) {
        var unused = ender.end(tenant, sessions.stream().map(SessionId::value).toList(), cause)
                .thenAccept(isOver -> {
                    if (isOver && !sessions.isEmpty()) {
                        slot.settle();
                    }
                });
    }
}
