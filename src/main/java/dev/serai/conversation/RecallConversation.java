package dev.serai.conversation;

import dev.serai.session.ConversationState;
import dev.serai.session.FinalEnd;
import dev.serai.session.OpenSession;
import dev.serai.session.OpenSessions;
import dev.serai.session.SessionTable;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what is remembered of the event's conversation. One that was ended for good opens no room any more: its end event was
 * faster than the start event. An event that was answered with a room before, because its publisher
 * sent it twice, gets that room again as long as it is there, and never another one. Thread-safe.
 */
public final class RecallConversation implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(RecallConversation.class);

    private final SessionTable sessions;
    private final OpenSessions open;
    private final ReplyRecord replies;
    private final boolean repeat;
    private final Clock clock;

    /** @param repeat whether an event is answered again that was answered with a room */
    public RecallConversation(
            SessionTable sessions, OpenSessions open, ReplyRecord replies, boolean repeat, Clock clock) {
        this.sessions = sessions;
        this.open = open;
        this.replies = replies;
        this.repeat = repeat;
        this.clock = clock;
    }

    /**
     * @throws ConversationFailure if its conversation was ended for good, or if the event was answered with a room before that
     *     cannot be given again
     */
    @Override
    public void process(Exchange exchange) {
        EventInFlight inFlight = EventInFlight.of(exchange);
        OriginalRecord original = inFlight.original();
        if (original.conversationKey() == null) {
            return;
        }
        // The tables hold only what belongs to the partitions of this process.
        inFlight.delivery().requireKept();
        ConversationState state = sessions.get(original.partition(), Objects.requireNonNull(original.key()));
        inFlight.session(inFlight.session().withRemembered(state));
        boolean answered = inFlight.read().isNamed() && state.hasAnswered(inFlight.eventId());
        if (answered) {
            inFlight.wasAnsweredBefore();
            if (!repeat && !replies.isAwaited(original)) {
                LOG.info("Passed over: this event was answered before");
                inFlight.settlement().passedOver();
                exchange.setRouteStop(true);
                return;
            }
        }
        Optional<FinalEnd> end = state.end(inFlight.event().tenant());
        if (end.isPresent()) {
            throw ended(end.get());
        }
        if (!answered) {
            return;
        }
        if (!repeat) {
            throw gone(inFlight, "serai.reply.repeat is false");
        }
        inFlight.repeats(firstReply(inFlight));
    }

    private static ConversationFailure ended(FinalEnd end) {
        return new ConversationFailure(Failure.of(
                ErrorCategory.CANCELLED,
                "this conversation was ended for good at " + end.at() + ", by end event " + quoted(end.eventId())
                        + ": no start event that is read after it opens a room. For another room, send an event of another"
                        + " key"));
    }

    /** For the route's filter: whether the event is answered with the room that it has. */
    public boolean isRepeated(Exchange exchange) {
        return EventInFlight.of(exchange).isRepeated();
    }

    private KeptReply firstReply(EventInFlight inFlight) {
        OriginalRecord original = inFlight.original();
        OpenSession session = open.of(original.partition(), Objects.requireNonNull(original.key())).stream()
                .filter(known -> known.eventId().equals(inFlight.eventId()))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> gone(inFlight, "its session was ended, or is not known to this service any more"));
        Instant now = clock.instant();
        if (!session.tenant().equals(inFlight.event().tenant())) {
            throw gone(inFlight, "it is another tenant's");
        }
        Instant closeAt = session.closeAt();
        if (closeAt != null && !closeAt.isAfter(now)) {
            throw gone(inFlight, "its session was to be ended at " + closeAt);
        }
        KeptReply reply = KeptReply.of(session, open.idle());
        if (reply == null) {
            throw gone(inFlight, "its reply is not kept, or a route has made no JSON of it");
        }
        if (!reply.validUntil().isAfter(now)) {
            throw gone(inFlight, "what it is joined with was valid until " + reply.validUntil());
        }
        return reply;
    }

    private ConversationFailure gone(EventInFlight inFlight, String why) {
        return new ConversationFailure(Failure.of(
                ErrorCategory.SESSION_INVALID,
                "event " + quoted(inFlight.eventId()) + " of this conversation was answered with a room"
                        + " before, in its first reply, of status started and with this event_id, on "
                        + replies.topic(inFlight.original()) + " or where the event asked for it then. That room"
                        + " cannot be given again: " + why + ". No second one is opened for the same event: for another"
                        + " room, send another event_id"));
    }

    private static String quoted(String text) {
        return Json.MAPPER.getNodeFactory().textNode(text).toString();
    }
}
