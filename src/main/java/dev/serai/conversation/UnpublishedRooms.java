package dev.serai.conversation;

import dev.serai.connect.EndCause;
import dev.serai.connect.OneRoom;
import dev.serai.connect.SessionEnder;
import dev.serai.connect.answer.SessionId;
import dev.serai.observe.ConversationMetrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What becomes of rooms that no reply will tell of: their sessions are ended, beside the events' own work and as far as the
 * provider lets them be. The one place that decides which. Thread-safe.
 */
public final class UnpublishedRooms {
    private final SessionEnder ender;
    private final ConversationMetrics metrics;

    /** Of the one rooms of events, by {@link OneRoom#event}: those that are being closed. As bounded as the ender is. */
    private final ConcurrentMap<String, CompletableFuture<?>> closing = new ConcurrentHashMap<>();

    public UnpublishedRooms(SessionEnder ender, ConversationMetrics metrics) {
        this.ender = ender;
        this.metrics = metrics;
    }

    /** The event has failed: it has no room, or one that is not to be published. */
    void failed(EventInFlight inFlight) {
        end(inFlight);
    }

    /**
     * The event ends here without an answer, and runs again: it is another owner's, or its routes were broken. It will get
     * another room, or come to this one, which is then left open.
     */
    void runsAgain(EventInFlight inFlight) {
        if (!inFlight.untold().isThereWhenRunAgain()) {
            end(inFlight);
        } else if (inFlight.delivery().isRevoked()) {
            inFlight.untold().leaveToNextOwner();
        }
    }

    /** The service stopped while Kafka was committing: somebody may be in that room. */
    void perhapsPublished(EventInFlight inFlight) {
        if (inFlight.untold().take() != null) {
            metrics.possibleDuplicateSession();
        }
    }

    /** A room was opened that is not the event's, see {@link dev.serai.connect.ConnectPolicy.Decision.Discard}. */
    void discarded(String tenant, UnpublishedRoom room) {
        metrics.possibleDuplicateSession();
        end(tenant, room, EndCause.NOT_PUBLISHED);
    }

    private void end(EventInFlight inFlight) {
        UnpublishedRoom room = inFlight.untold().take();
        if (room != null) {
            metrics.possibleDuplicateSession();
            end(inFlight.event().tenant(), room, EndCause.NOT_PUBLISHED);
        }
    }

    /**
     * A call has come to an answer that lacks what a client needs.
     *
     * @param room with the sessions that it names; mostly none
     */
    void unusable(String tenant, UnpublishedRoom room) {
        if (!room.sessions().isEmpty()) {
            end(tenant, room, EndCause.UNUSABLE_ANSWER);
        }
    }

    /** Until a session is over, its slot is taken. */
    private void end(String tenant, UnpublishedRoom room, EndCause cause) {
        List<SessionId> sessions = room.sessions();
        CompletableFuture<Void> ended = ender.end(
                        tenant, sessions.stream().map(SessionId::value).toList(), cause)
                .thenAccept(isOver -> {
                    if (isOver && !sessions.isEmpty()) {
                        room.slot().settle();
                    }
                });
        if (room.oneRoom() != null) {
            closes(room.oneRoom().event(), ended);
        }
    }

    private void closes(String event, CompletableFuture<?> ended) {
        CompletableFuture<?> all =
                closing.merge(event, ended, (before, other) -> CompletableFuture.allOf(before, other));
        var unused = all.whenComplete((done, failure) -> closing.remove(event, all));
    }

    /** Whether a room that the event would come to is being closed at this moment. */
    boolean isClosing(OneRoom room) {
        return closing.containsKey(room.event());
    }

    /**
     * Waits as long as a room is being closed that the event would come to: an event that has failed may be sent again at once,
     * and must not be given the room that is about to end.
     *
     * @return false if that takes longer than {@code patience}
     */
    boolean awaitClosed(OneRoom room, Duration patience) throws InterruptedException {
        CompletableFuture<?> ended = closing.get(room.event());
        if (ended == null) {
            return true;
        }
        try {
            ended.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("ending a session never fails", e);
        }
    }
}
