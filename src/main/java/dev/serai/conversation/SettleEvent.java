package dev.serai.conversation;

import dev.serai.connect.gate.RoomSlot;
import dev.serai.engine.CommitTooLateException;
import dev.serai.engine.Delivery;
import dev.serai.engine.DeliveryRevokedException;
import dev.serai.engine.RecordRefusedException;
import dev.serai.engine.TopicWait;
import dev.serai.loop.RepeatedWarning;
import dev.serai.observe.AbandonedCalls;
import dev.serai.observe.ConversationMetrics;
import dev.serai.observe.ConversationMetrics.Duplicate;
import dev.serai.observe.DeadLetterLog;
import dev.serai.observe.LogFields;
import dev.serai.observe.waiting.HeldEvents;
import dev.serai.observe.waiting.Wait;
import dev.serai.route.FailedStep;
import dev.serai.wire.Failure;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Ends an event when its routes have ended: what they have sent, what is remembered of the conversation, and the
 * record's offset are committed in one transaction. On the event's own thread, which waits for it, so that the next
 * event of the conversation begins after it.
 *
 * <p>A record that its topic will never take turns the event into a failure, without another call of the provider.
 * Thread-safe.
 */
public final class SettleEvent {
    private static final Logger LOG = LoggerFactory.getLogger(SettleEvent.class);

    private final TopicWait waiting = new TopicWait(LOG, "Events wait, and their conversations with them");
    private final RepeatedWarning withoutReply = new RepeatedWarning(LOG);
    private final String sessionTopic;
    private final String deadLetterTopic;
    private final SessionTraces traces;
    private final ConversationMetrics metrics;
    private final DeadLetterLog deadLetters;
    private final AbandonedCalls abandoned;
    private final UnpublishedRooms rooms;
    private final HeldEvents held;
    private final CheckDeadline deadline;
    private final ProducerTemplate routes;

    /**
     * @param deadLetterTopic without which no event can fail
     * @param routes to send an event to the reject route with, once Camel has started
     */
    public SettleEvent(
            String sessionTopic,
            String deadLetterTopic,
            SessionTraces traces,
            ConversationMetrics metrics,
            DeadLetterLog deadLetters,
            AbandonedCalls abandoned,
            UnpublishedRooms rooms,
            HeldEvents held,
            CheckDeadline deadline,
            ProducerTemplate routes) {
        this.sessionTopic = sessionTopic;
        this.deadLetterTopic = deadLetterTopic;
        this.traces = traces;
        this.metrics = metrics;
        this.deadLetters = deadLetters;
        this.abandoned = abandoned;
        this.rooms = rooms;
        this.held = held;
        this.deadline = deadline;
        this.routes = routes;
    }

    /** From now on the event is one of those that are held, until its exchange has ended. */
    SynchronizationAdapter whenDone(EventInFlight inFlight) {
        metrics.eventBegun(inFlight.tenant());
        held.add(inFlight.held());
        return new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange exchange) {
                try {
                    settle(inFlight, exchange);
                } finally {
                    inFlight.delivery().end();
                    held.remove(inFlight.held());
                    metrics.eventEnded();
                    MDC.remove(LogFields.EVENT_ID);
                    MDC.remove(LogFields.CONVERSATION_KEY);
                    MDC.remove(LogFields.REQUEST_TRACE_ID);
                }
            }
        };
    }

    private void settle(EventInFlight inFlight, Exchange exchange) {
        Delivery delivery = inFlight.delivery();
        if (!delivery.isRevoked()) {
            // Of a step that has left it behind: it is not for the commit.
            Thread.interrupted();
        }
        boolean perhapsPublished = false;
        try {
            if (exchange.getException() == null && inFlight.settlement().isSettled()) {
                commit(inFlight);
            } else if (delivery.isRevoked() || !delivery.hasBegun()) {
                LOG.debug("Left to the next owner of its partition");
            } else {
                LOG.error(
                        "The routes ended without a reply or a dead letter{}: {} stays uncommitted, and runs again after a"
                                + " restart. {}",
                        FailedStep.of(exchange.getException())
                                .map(step -> ", after a failure in " + step)
                                .orElse(""),
                        delivery,
                        String.valueOf(exchange.getException()));
            }
        } catch (DeliveryRevokedException e) {
            perhapsPublished = e.isPerhapsPublished();
            LOG.debug("Dropped: {}", e.getMessage());
        } catch (InterruptedException e) {
            LOG.error("Interrupted before its commit: {} stays uncommitted, and runs again after a restart", delivery);
        } finally {
            if (inFlight.untold().isThere()) {
                if (delivery.isRevoked()) {
                    abandoned.roomNotPublished(delivery.toString());
                }
                if (perhapsPublished) {
                    rooms.perhapsPublished(inFlight);
                } else {
                    rooms.runsAgain(inFlight);
                }
            }
        }
    }

    private void commit(EventInFlight inFlight) throws InterruptedException {
        SessionTrace trace = traces.note(inFlight);
        inFlight.held().waitsFor(new Wait.Commit());
        while (true) {
            try {
                inFlight.delivery().commit(notAfter(inFlight));
                RoomSlot slot = inFlight.untold().published();
                waiting.over("Events are committed again");
                traces.remember(inFlight, trace);
                if (slot != null) {
                    slot.settle();
                }
                count(inFlight);
                return;
            } catch (RecordRefusedException e) {
                if (e.isOutOfTime() && inFlight.delivery().outbox().hasTimestamps(e.topic())) {
                    inFlight.delivery().outbox().forgetTimestamps(e.topic());
                } else if (isNeeded(e)) {
                    awaitTopic(inFlight, e);
                } else if (e.topic().equals(sessionTopic) && trace.canBeSmaller()) {
                    trace = traces.noteSmaller(inFlight, trace);
                } else {
                    rejectInstead(inFlight, e);
                    trace = traces.noteRejected(inFlight, e.topic());
                    inFlight.held().waitsFor(new Wait.Commit());
                }
            } catch (CommitTooLateException e) {
                reject(inFlight, deadline.expired(inFlight, ", while Kafka did not take its reply"));
                trace = traces.note(inFlight);
                inFlight.held().waitsFor(new Wait.Commit());
            }
        }
    }

    /** Without dead letters no event can fail, and without sessions none can go on; a state that is too large can be left out. */
    private boolean isNeeded(RecordRefusedException refused) {
        return refused.topic().equals(deadLetterTopic)
                || (refused.topic().equals(sessionTopic) && !refused.isTooLarge());
    }

    private void awaitTopic(EventInFlight inFlight, RecordRefusedException refused) throws InterruptedException {
        inFlight.held().waitsFor(new Wait.Topic(refused.topic(), String.valueOf(refused.getMessage())));
        waiting.await(inFlight.delivery(), refused);
    }

    /** A room that comes too late is of no use to anybody; news of a failure is. */
    private static Instant notAfter(EventInFlight inFlight) {
        return inFlight.hasRoom() || inFlight.isRepeated() ? inFlight.event().expiresAt() : Instant.MAX;
    }

    private void rejectInstead(EventInFlight inFlight, RecordRefusedException refused) {
        // Without its partition a failure reply goes to that of its key.
        if (inFlight.failure() != null && inFlight.settlement().isReplied() && !refused.isWithoutPartition()) {
            withoutReply.met(
                    refused.topic(),
                    "No failure reply is published for events like this one, only their dead letters: "
                            + refused.getMessage());
            inFlight.settlement().goOnWithoutReply();
        }
        reject(inFlight, refused);
    }

    private void reject(EventInFlight inFlight, Exception reason) {
        Exchange rejected = routes.send("direct:reject", exchange -> {
            inFlight.attachTo(exchange);
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, reason);
        });
        if (rejected.getException() != null) {
            throw new IllegalStateException("the reject route failed", rejected.getException());
        }
    }

    private static Duplicate duplicate(EventInFlight inFlight) {
        if (inFlight.isRepeated()) {
            return Duplicate.ROOM;
        }
        return inFlight.failure() == null ? Duplicate.NONE : Duplicate.FAILED;
    }

    private void count(EventInFlight inFlight) {
        Failure failure = inFlight.failure();
        if (inFlight.isAnsweredBefore()) {
            metrics.duplicateEvent(duplicate(inFlight));
        }
        if (inFlight.settlement().isReplied()) {
            if (inFlight.read().isEnd() && failure == null) {
                LOG.debug("Answered with the end of its conversation");
                metrics.endedReplyPublished(inFlight.tenant());
            } else if (failure == null) {
                LOG.debug("Answered with a room");
                metrics.startedReplyPublished(inFlight.tenant());
            } else {
                LOG.debug("Answered with a failure");
                metrics.failedReplyPublished(inFlight.tenant(), failure.category());
            }
        }
        if (inFlight.settlement().isDeadLettered() && failure != null) {
            deadLetters.deadLetter(inFlight.delivery().toString(), inFlight.tenant(), failure);
            metrics.deadLetterPublished(inFlight.tenant(), failure.category());
        }
    }
}
