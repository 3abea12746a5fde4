package dev.serai.route;

import dev.serai.event.Failure;
import dev.serai.event.ForgetCommand;
import dev.serai.event.OriginalRecord;
import dev.serai.ledger.Delivery;
import dev.serai.ledger.DeliveryRevokedException;
import dev.serai.ledger.RecordRefusedException;
import dev.serai.observe.ConversationMetrics;
import dev.serai.observe.LogFields;
import dev.serai.session.ConversationState;
import dev.serai.session.SessionRecord;
import dev.serai.session.SessionTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
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

    /** Between attempts to publish a dead letter that its topic does not take until an operator raises its limit. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final String sessionTopic;
    private final SessionTable sessions;
    private final ConversationMetrics metrics;
    private final Clock clock;
    private final ProducerTemplate routes;

    /** @param routes to send an event to the reject route with, once Camel has started */
    public SettleEvent(
            String sessionTopic,
            SessionTable sessions,
            ConversationMetrics metrics,
            Clock clock,
            ProducerTemplate routes) {
        this.sessionTopic = sessionTopic;
        this.sessions = sessions;
        this.metrics = metrics;
        this.clock = clock;
        this.routes = routes;
    }

    SynchronizationAdapter whenDone(Conversation conversation) {
        metrics.eventBegun();
        return new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange exchange) {
                try {
                    settle(conversation, exchange);
                } finally {
                    conversation.delivery().end();
                    metrics.eventEnded();
                    MDC.remove(LogFields.EVENT_ID);
                    MDC.remove(LogFields.CONVERSATION_KEY);
                }
            }
        };
    }

    private void settle(Conversation conversation, Exchange exchange) {
        Delivery delivery = conversation.delivery();
        try {
            if (exchange.getException() == null && conversation.outcome().isSettled()) {
                commit(conversation);
            } else if (delivery.isRevoked() || !delivery.hasBegun()) {
                LOG.debug("Left to the next owner of its partition");
            } else {
                LOG.error(
                        "The routes ended without a reply or a dead letter: offset {} of {}-{} stays uncommitted, and"
                                + " runs again after a restart. {}",
                        conversation.original().offset(),
                        conversation.original().topic(),
                        conversation.original().partition(),
                        String.valueOf(exchange.getException()));
            }
        } catch (DeliveryRevokedException e) {
            LOG.debug("Dropped: {}", e.getMessage());
        } catch (InterruptedException e) {
            LOG.debug("Interrupted, and left to the next owner of its partition");
        }
    }

    /** What an event leaves behind in its conversation's session record. */
    private sealed interface Trace {
        /** Nothing: the record stays as it is. */
        record None() implements Trace {}

        /** No record any more. */
        record Forgotten() implements Trace {}

        /** Another record. */
        record Changed(ConversationState state) implements Trace {}
    }

    private void commit(Conversation conversation) throws InterruptedException {
        while (true) {
            Trace trace = trace(conversation);
            addSessionRecord(conversation, trace);
            try {
                conversation.delivery().commit();
                remember(conversation, trace);
                count(conversation);
                return;
            } catch (RecordRefusedException e) {
                rejectInstead(conversation, e);
            }
        }
    }

    private Trace trace(Conversation conversation) {
        OriginalRecord original = conversation.original();
        if (original.conversationKey() == null) {
            return new Trace.None();
        }
        if (ForgetCommand.isIn(original)) {
            return new Trace.Forgotten();
        }
        if (!conversation.isDecoded()) {
            return new Trace.None();
        }
        Instant now = clock.instant();
        ConversationState before = conversation.session().remembered();
        ConversationState after =
                conversation.session().next(conversation.event().characterId());
        // Only a room is not to be opened twice: who publishes a failed event again wants it tried again.
        if (conversation.hasRoom()) {
            return new Trace.Changed(
                    conversation.isNamed() ? after.answered(conversation.eventId(), now) : after.asOf(now));
        }
        return after.equals(before) ? new Trace.None() : new Trace.Changed(after.asOf(now));
    }

    private void addSessionRecord(Conversation conversation, Trace trace) {
        switch (trace) {
            case Trace.None none -> {}
            case Trace.Forgotten forgotten -> addSessionRecord(conversation, (byte[]) null);
            case Trace.Changed changed -> addSessionRecord(conversation, SessionRecord.encode(changed.state()));
        }
    }

    private void addSessionRecord(Conversation conversation, byte @Nullable [] value) {
        OriginalRecord original = conversation.original();
        conversation
                .delivery()
                .outbox()
                .add(new ProducerRecord<>(sessionTopic, original.partition(), original.key(), value));
    }

    private void remember(Conversation conversation, Trace trace) {
        // What is revoked is about to leave this process's table.
        if (conversation.delivery().isRevoked()) {
            return;
        }
        OriginalRecord original = conversation.original();
        switch (trace) {
            case Trace.None none -> {}
            case Trace.Forgotten forgotten -> sessions.forget(original.partition(), key(original));
            case Trace.Changed changed -> sessions.put(original.partition(), key(original), changed.state());
        }
    }

    private static byte[] key(OriginalRecord original) {
        return Objects.requireNonNull(original.key());
    }

    private void rejectInstead(Conversation conversation, RecordRefusedException refused) throws InterruptedException {
        boolean failedBefore = conversation.failure() != null;
        if (failedBefore && conversation.outcome().isReplied()) {
            LOG.error("No failure reply is published for this event, only its dead letter: {}", refused.getMessage());
            conversation.outcome().goOnWithoutReply();
        } else if (failedBefore) {
            LOG.error("The event waits, and its conversation with it: {}", refused.getMessage());
            conversation.delivery().await(() -> {
                Thread.sleep(PAUSE);
                return true;
            });
        }
        Exchange rejected = routes.send("direct:reject", exchange -> {
            conversation.attachTo(exchange);
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, refused);
        });
        if (rejected.getException() != null) {
            throw new IllegalStateException("the reject route failed", rejected.getException());
        }
    }

    private void count(Conversation conversation) {
        Failure failure = conversation.failure();
        if (conversation.outcome().isReplied()) {
            if (failure == null) {
                LOG.debug("Answered with a room");
                metrics.startedReplyPublished();
            } else {
                LOG.debug("Answered with a failure");
                metrics.failedReplyPublished(failure.category());
            }
        }
        if (conversation.outcome().isDeadLettered() && failure != null) {
            LOG.debug("Left a dead letter");
            metrics.deadLetterPublished(failure.category());
        }
    }
}
