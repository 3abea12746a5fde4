package dev.serai.conversation;

import dev.serai.connect.ConnectCall;
import dev.serai.connect.ConnectPolicy;
import dev.serai.connect.ConnectPolicy.Decision;
import dev.serai.connect.ProviderHeaders;
import dev.serai.connect.Tenant;
import dev.serai.connect.answer.AnswerClassifier;
import dev.serai.connect.answer.CallOutcome;
import dev.serai.connect.answer.ConnectAnswer;
import dev.serai.connect.gate.Permit;
import dev.serai.connect.gate.RoomSlot;
import dev.serai.observe.ConversationMetrics;
import dev.serai.observe.LogFields;
import dev.serai.wire.JsonWeight;
import dev.serai.wire.Reply.SessionContinuity;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What follows from the answer to a call: a room, another call, or the event's failure; and who is told of it. Stateless but
 * for its collaborators, thread-safe.
 */
public final class CallAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(CallAnswers.class);

    private final ConnectPolicy policy;
    private final ConversationMetrics metrics;
    private final UnpublishedRooms rooms;
    private final DecodingBudget answers;
    private final Clock clock;

    /**
     * @param answers memory for decoded answers, which can be as heavy as what the event says: the provider repeats it
     */
    public CallAnswers(
            ConnectPolicy policy,
            ConversationMetrics metrics,
            UnpublishedRooms rooms,
            DecodingBudget answers,
            Clock clock) {
        this.policy = policy;
        this.metrics = metrics;
        this.rooms = rooms;
        this.answers = answers;
        this.clock = clock;
    }

    void read(Exchange exchange) {
        Message message = exchange.getMessage();
        byte[] body = Objects.requireNonNullElse(message.getBody(byte[].class), new byte[0]);
        // Uninterruptibly: whatever happens meanwhile, the call must be known to have been answered. Who holds a part
        // waits for nothing but the CPU.
        DecodingBudget.Part part = answers.part(JsonWeight.whileDecoded(body));
        part.takeUninterruptibly();
        boolean kept = false;
        try {
            ConnectCall call = ConnectCall.of(exchange);
            AnswerClassifier classifier = call.tenant().classifier();
            int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
            String retryAfter = message.getHeader(ProviderHeaders.RETRY_AFTER, String.class);
            AnswerClassifier.Answer answer =
                    answers.decode(part, () -> classifier.read(status, retryAfter, body, call.namesSession()));
            kept = conclude(exchange, call.judged(answer.outcome()), answer.requestTraceId(), part);
        } finally {
            if (!kept) {
                part.close();
            }
        }
    }

    /** The call ended without an answer. */
    void noneCame(Exchange exchange, CallOutcome outcome) {
        conclude(exchange, outcome, null, DecodingBudget.Part.NONE);
    }

    /**
     * Tells the gate, the metrics and the event of what the call came to.
     *
     * @return the slot of the plan that its room takes, if it came to one
     */
    RoomSlot returned(Exchange exchange, CallOutcome outcome) {
        ConnectCall call = ConnectCall.of(exchange);
        EventInFlight inFlight = EventInFlight.of(exchange);
        Tenant tenant = call.tenant();
        Permit permit = Objects.requireNonNull(call.takePermit(), "a call has a permit");
        Duration latency = call.returned(outcome, tenant.gate().leave(permit, call.caller(), outcome));
        metrics.called(tenant.name(), outcome.label(), latency);
        // With one room for the event, it is in that one, which a later call may come to.
        if (outcome.mayHaveLeftSession() && call.room() == null) {
            metrics.possibleDuplicateSession();
        }
        LOG.debug("Call {} came to: {} after {} ms", call.calls(), outcome.label(), latency.toMillis());
        inFlight.held().goesOn();
        inFlight.called(call);
        return new RoomSlot(tenant.gate(), permit);
    }

    /**
     * @param traceId what the provider calls the request, or null
     * @return whether the answer is kept, and with it its part of the memory
     */
    private boolean conclude(
            Exchange exchange, CallOutcome outcome, @Nullable String traceId, DecodingBudget.Part part) {
        MDC.put(LogFields.REQUEST_TRACE_ID, traceId);
        RoomSlot slot = returned(exchange, outcome);
        ConnectCall call = ConnectCall.of(exchange);
        EventInFlight inFlight = EventInFlight.of(exchange);
        Decision decision = policy.decide(outcome, call, clock.instant());
        if (outcome instanceof CallOutcome.ProtocolError unusable) {
            UnpublishedRoom room = new UnpublishedRoom(unusable.unusableSessions(), call.room(), slot);
            if (call.room() == null || decision instanceof Decision.Fail) {
                rooms.unusable(call.tenant().name(), room);
            } else {
                // With one room for the event, the next call comes to the room of this one, and to its slot.
                slot.settle();
                if (!room.sessions().isEmpty()) {
                    inFlight.untold().opened(room);
                }
            }
        }
        switch (decision) {
            case Decision.Succeed success -> {
                ConnectAnswer answer = success.answer();
                inFlight.connected(answer, continuity(inFlight, call, answer), part, call.room(), slot);
                call.connected();
                inFlight.called(call);
                return true;
            }
            case Decision.Fail failure -> {
                if (call.room() != null
                        && call.mayHaveLeftSession()
                        && !inFlight.untold().isThere()) {
                    metrics.possibleDuplicateSession();
                }
                throw new ConversationFailure(failure.failure().ofRequest(traceId));
            }
            case Decision.Discard discarded -> {
                call.discarded();
                rooms.discarded(
                        call.tenant().name(),
                        new UnpublishedRoom(discarded.answer().sessionIds(), call.room(), slot));
                inFlight.called(call);
                throw new ConversationFailure(discarded.failure());
            }
            case Decision.Repeat repeat ->
                call.repeat(repeat.pause(), repeat.ifNever().ofRequest(traceId));
            case Decision.RepeatFirst repeat ->
                call.repeatFirst(repeat.ifNever().ofRequest(traceId));
            case Decision.RepeatDoubtingSession repeat ->
                call.repeatDoubtingSession(repeat.doubt().ofRequest(traceId));
            case Decision.RepeatForRoom repeat ->
                call.repeatFor(repeat.room(), repeat.pause(), repeat.ifNever().ofRequest(traceId));
            case Decision.RepeatWithoutSession ignored -> {
                inFlight.session(inFlight.session().withoutTheOneThatIsGone());
                call.repeatWithoutSession();
            }
        }
        return false;
    }

    private static SessionContinuity continuity(EventInFlight inFlight, ConnectCall call, ConnectAnswer answer) {
        if (call.isSessionDropped()) {
            return SessionContinuity.RESTARTED;
        }
        String sent = inFlight.session().resumed();
        if (!call.sessionSent() || sent == null) {
            return SessionContinuity.NEW;
        }
        // The provider may open another one than the one that was asked for, and not say so.
        return sent.equals(answer.characterSessionId()) ? SessionContinuity.RESUMED : SessionContinuity.RESTARTED;
    }
}
