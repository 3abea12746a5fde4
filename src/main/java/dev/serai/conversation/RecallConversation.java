package dev.serai.conversation;

import dev.serai.observe.ConversationMetrics;
import dev.serai.session.ConversationState;
import dev.serai.session.SessionTable;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what is remembered of the event's conversation. An event that was answered with a room before, because its
 * publisher sent it twice, ends here: it has its reply already. A client that waits for a reply to the repetition is told so.
 * Thread-safe.
 */
public final class RecallConversation implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(RecallConversation.class);

    private final SessionTable sessions;
    private final ReplyRecord replies;
    private final ConversationMetrics metrics;

    public RecallConversation(SessionTable sessions, ReplyRecord replies, ConversationMetrics metrics) {
        this.sessions = sessions;
        this.replies = replies;
        this.metrics = metrics;
    }

    /** @throws ConversationFailure if the event is a repetition whose reply somebody waits for */
    @Override
    public void process(Exchange exchange) {
        Conversation conversation = Conversation.of(exchange);
        OriginalRecord original = conversation.original();
        if (original.conversationKey() == null) {
            return;
        }
        // The table holds only what belongs to the partitions of this process.
        conversation.delivery().requireKept();
        ConversationState state = sessions.get(original.partition(), Objects.requireNonNull(original.key()));
        conversation.session(conversation.session().withRemembered(state));
        if (conversation.isNamed() && state.hasAnswered(conversation.eventId())) {
            if (replies.isAwaited(original)) {
                throw new ConversationFailure(duplicate(conversation));
            }
            LOG.info("Passed over: this event was answered before");
            metrics.duplicateEvent();
            conversation.outcome().passedOver();
            exchange.setRouteStop(true);
        }
    }

    private Failure duplicate(Conversation conversation) {
        String id = conversation.eventId();
        return Failure.of(
                ErrorCategory.DUPLICATE,
                "event " + Json.MAPPER.getNodeFactory().textNode(id) + " of this conversation was answered with a room"
                        + " before, and opens no second one: read its first reply, of status started and with this event_id,"
                        + " on " + replies.topic(conversation.original())
                        + " or where the event asked for it then; for another room, send another event_id");
    }
}
