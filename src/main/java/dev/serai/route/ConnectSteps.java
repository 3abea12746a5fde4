package dev.serai.route;

import dev.serai.event.Reply.SessionContinuity;
import dev.serai.observe.ConversationMetrics;
import dev.serai.observe.KafkaWatch;
import dev.serai.observe.LastCall;
import dev.serai.provider.AnswerClassifier;
import dev.serai.provider.CallOutcome;
import dev.serai.provider.CallPermits;
import dev.serai.provider.ConnectAnswer;
import dev.serai.provider.ConnectPolicy;
import dev.serai.provider.ConnectPolicy.Decision;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of the connect route. Stateless but for its collaborators, thread-safe. */
public final class ConnectSteps {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectSteps.class);

    private final AnswerClassifier classifier;
    private final ConnectPolicy policy;
    private final CallPermits permits;
    private final KafkaWatch kafka;
    private final ConversationMetrics metrics;
    private final LastCall lastCall;
    private final Clock clock;

    public ConnectSteps(
            AnswerClassifier classifier,
            ConnectPolicy policy,
            CallPermits permits,
            KafkaWatch kafka,
            ConversationMetrics metrics,
            LastCall lastCall,
            Clock clock) {
        this.classifier = classifier;
        this.policy = policy;
        this.permits = permits;
        this.kafka = kafka;
        this.metrics = metrics;
        this.lastCall = lastCall;
        this.clock = clock;
    }

    void begin(Exchange exchange) {
        exchange.setProperty(
                ExchangeKeys.CONNECT_CALL,
                new ConnectCall(Conversation.of(exchange).connectRequest()));
    }

    boolean isPending(Exchange exchange) {
        return ConnectCall.of(exchange).isPending();
    }

    /** Waits before another attempt; on the event's own thread, which has nothing else to do. */
    void pause(Exchange exchange) throws InterruptedException {
        Duration pause = ConnectCall.of(exchange).pause();
        Conversation.of(exchange).delivery().await(() -> {
            Thread.sleep(pause);
            return true;
        });
    }

    /**
     * Waits until a call may be made, or the deadline has passed. While Kafka is away none is: its room could only be
     * published when Kafka is back, and nobody knows when that is.
     */
    void awaitTurn(Exchange exchange) throws InterruptedException {
        Conversation conversation = Conversation.of(exchange);
        Instant deadline = conversation.event().expiresAt();
        boolean turn = conversation.delivery().await(() -> {
            while (kafka.awaitUp(until(deadline)) && permits.acquire(until(deadline))) {
                if (kafka.problem().isEmpty()) {
                    return true;
                }
                permits.release();
            }
            return false;
        });
        if (turn) {
            ConnectCall.of(exchange).turnCame();
        }
    }

    private Duration until(Instant deadline) {
        return Duration.between(clock.instant(), deadline);
    }

    void endTurn(Exchange exchange) {
        if (ConnectCall.of(exchange).endTurn()) {
            permits.release();
        }
    }

    void prepareRequest(Exchange exchange) {
        ConnectCall call = ConnectCall.of(exchange);
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setBody(call.request().toBytes());
        call.sending();
    }

    void readAnswer(Exchange exchange) {
        Message message = exchange.getMessage();
        byte[] body = message.getBody(byte[].class);
        conclude(
                exchange,
                classifier.classify(
                        message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class),
                        message.getHeader(ProviderAnswerHeaders.RETRY_AFTER, String.class),
                        body == null ? new byte[0] : body));
    }

    void readTransportFailure(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (TransportFailure.isInterrupt(failure)) {
            // If it was the service that stopped, the event is somebody else's.
            Conversation.of(exchange).delivery().requireKept();
        }
        conclude(exchange, TransportFailure.outcome(failure));
    }

    private void conclude(Exchange exchange, CallOutcome outcome) {
        ConnectCall call = ConnectCall.of(exchange);
        Conversation conversation = Conversation.of(exchange);
        Duration latency = call.returned(outcome);
        metrics.called(outcome.label(), latency);
        lastCall.record(new LastCall.Outcome(
                outcome.label(), clock.instant(), outcome instanceof CallOutcome.CredentialsRefused));
        if (outcome.mayHaveLeftSession()) {
            metrics.possibleDuplicateSession();
        }
        LOG.debug("Call {} came to: {} after {} ms", call.calls(), outcome.label(), latency.toMillis());
        conversation.called(call.calls(), call.mayHaveLeftSession(), call.took());
        switch (policy.decide(outcome, call, clock.instant())) {
            case Decision.Succeed success -> succeed(conversation, call, success.answer());
            case Decision.Fail failure -> throw new ConversationFailure(failure.failure());
            case Decision.Repeat repeat -> call.repeatAfter(repeat.pause());
            case Decision.RepeatWithoutSession ignored -> {
                conversation.session(conversation.session().withoutTheOneThatIsGone());
                call.repeatWithoutSession();
            }
        }
    }

    private void succeed(Conversation conversation, ConnectCall call, ConnectAnswer answer) {
        SessionContinuity continuity = call.isSessionDropped() ? SessionContinuity.RESTARTED : SessionContinuity.NEW;
        conversation.connected(answer, call.sessionSent() ? SessionContinuity.RESUMED : continuity);
        call.end();
    }
}
