package dev.serai.conversation;

import dev.serai.connect.gate.RoomSlot;
import dev.serai.engine.CommitTooLateException;
import dev.serai.engine.Delivery;
import dev.serai.engine.DeliveryRevokedException;
import dev.serai.engine.RecordRefusedException;
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
import java.time.Duration;
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

    /** Between attempts to publish what its topic does not take until an operator has mended it. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final RepeatedWarning waiting = new RepeatedWarning(LOG);
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
    SynchronizationAdapter whenDone(Conversation conversation) {
        metrics.eventBegun(conversation.tenant());
        held.add(conversation.held());
        return new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange exchange) {
                try {
                    settle(conversation, exchange);
                } finally {
                    conversation.delivery().end();
                    held.remove(conversation.held());
                    metrics.eventEnded();
                    MDC.remove(LogFields.EVENT_ID);
                    MDC.remove(LogFields.CONVERSATION_KEY);
                    MDC.remove(LogFields.REQUEST_TRACE_ID);
                }
            }
        };
    }

    private void settle(Conversation conversation, Exchange exchange) {
        Delivery delivery = conversation.delivery();
        if (!delivery.isRevoked()) {
            // Of a step that has left it behind: it is not for the commit.
            Thread.interrupted();
        }
        boolean perhapsPublished = false;
        try {
            if (exchange.getException() == null && conversation.settlement().isSettled()) {
                commit(conversation);
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
            if (conversation.untold().isThere()) {
                if (delivery.isRevoked()) {
                    abandoned.roomNotPublished(delivery.toString());
                }
                if (perhapsPublished) {
                    rooms.perhapsPublished(conversation);
                } else {
                    rooms.runsAgain(conversation);
                }
            }
        }
    }

    private void commit(Conversation conversation) throws InterruptedException {
        SessionTrace trace = traces.note(conversation);
        conversation.held().waitsFor(new Wait.Commit());
        while (true) {
            try {
                conversation.delivery().commit(notAfter(conversation));
                RoomSlot slot = conversation.untold().published();
                waiting.over("Events are committed again");
                traces.remember(conversation, trace);
                if (slot != null) {
                    slot.settle();
                }
                count(conversation);
                return;
            } catch (RecordRefusedException e) {
                if (e.isOutOfTime() && conversation.delivery().outbox().hasTimestamps(e.topic())) {
                    conversation.delivery().outbox().forgetTimestamps(e.topic());
                } else if (isNeeded(e)) {
                    awaitTopic(conversation, e);
                } else if (e.topic().equals(sessionTopic) && trace.canBeSmaller()) {
                    trace = traces.noteSmaller(conversation, trace);
                } else {
                    rejectInstead(conversation, e);
                    trace = traces.noteRejected(conversation, e.topic());
                    conversation.held().waitsFor(new Wait.Commit());
                }
            } catch (CommitTooLateException e) {
                reject(conversation, deadline.expired(conversation, ", while Kafka did not take its reply"));
                trace = traces.note(conversation);
                conversation.held().waitsFor(new Wait.Commit());
            }
        }
    }

    /** Without dead letters no event can fail, and without sessions none can go on; a state that is too large can be left out. */
    private boolean isNeeded(RecordRefusedException refused) {
        return refused.topic().equals(deadLetterTopic)
                || (refused.topic().equals(sessionTopic) && !refused.isTooLarge());
    }

    private void awaitTopic(Conversation conversation, RecordRefusedException refused) throws InterruptedException {
        waiting.met(refused.topic(), "Events wait, and their conversations with them: " + refused.getMessage());
        conversation.held().waitsFor(new Wait.Topic(refused.topic(), String.valueOf(refused.getMessage())));
        conversation.delivery().await(() -> {
            Thread.sleep(PAUSE);
            return true;
        });
    }

    /** A room that comes too late is of no use to anybody; news of a failure is. */
    private static Instant notAfter(Conversation conversation) {
        return conversation.hasRoom() || conversation.isRepeated()
                ? conversation.event().expiresAt()
                : Instant.MAX;
    }

    private void rejectInstead(Conversation conversation, RecordRefusedException refused) {
        // Without its partition a failure reply goes to that of its key.
        if (conversation.failure() != null && conversation.settlement().isReplied() && !refused.isWithoutPartition()) {
            withoutReply.met(
                    refused.topic(),
                    "No failure reply is published for events like this one, only their dead letters: "
                            + refused.getMessage());
            conversation.settlement().goOnWithoutReply();
        }
        reject(conversation, refused);
    }

    private void reject(Conversation conversation, Exception reason) {
        Exchange rejected = routes.send("direct:reject", exchange -> {
            conversation.attachTo(exchange);
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, reason);
        });
        if (rejected.getException() != null) {
            throw new IllegalStateException("the reject route failed", rejected.getException());
        }
    }

    private static Duplicate duplicate(Conversation conversation) {
        if (conversation.isRepeated()) {
            return Duplicate.ROOM;
        }
        return conversation.failure() == null ? Duplicate.NONE : Duplicate.FAILED;
    }

    private void count(Conversation conversation) {
        Failure failure = conversation.failure();
        if (conversation.isAnsweredBefore()) {
            metrics.duplicateEvent(duplicate(conversation));
        }
        if (conversation.settlement().isReplied()) {
            if (conversation.read().isEnd() && failure == null) {
                LOG.debug("Answered with the end of its conversation");
                metrics.endedReplyPublished(conversation.tenant());
            } else if (failure == null) {
                LOG.debug("Answered with a room");
                metrics.startedReplyPublished(conversation.tenant());
            } else {
                LOG.debug("Answered with a failure");
                metrics.failedReplyPublished(conversation.tenant(), failure.category());
            }
        }
        if (conversation.settlement().isDeadLettered() && failure != null) {
            deadLetters.deadLetter(conversation.delivery().toString(), conversation.tenant(), failure);
            metrics.deadLetterPublished(conversation.tenant(), failure.category());
        }
    }
}
