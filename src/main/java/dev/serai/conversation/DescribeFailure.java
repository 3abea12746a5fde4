package dev.serai.conversation;

import dev.serai.engine.RecordRefusedException;
import dev.serai.lane.LaneEndpoint;
import dev.serai.loop.RepeatedWarning;
import dev.serai.observe.ConversationMetrics;
import dev.serai.route.FailedStep;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the exception that left the line into the failure that reply and dead letter state. Thread-safe. */
public final class DescribeFailure implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(DescribeFailure.class);

    private final RepeatedWarning refusing = new RepeatedWarning(LOG);
    private final ConversationMetrics metrics;

    public DescribeFailure(ConversationMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void process(Exchange exchange) {
        Conversation conversation = Conversation.of(exchange);
        if (conversation.hasRoom()) {
            metrics.possibleDuplicateSession();
        }
        if (!LaneEndpoint.isStopped(exchange) && Thread.interrupted()) {
            LOG.debug("The step has left its thread interrupted: the answer must not trip over it");
        }
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (cause instanceof ConversationFailure expected) {
            LOG.debug("Rejected: {}", expected.getMessage());
            conversation.fail(expected.failure());
            return;
        }
        if (cause instanceof RecordRefusedException refused) {
            refusing.met(refused.topic(), "Events are rejected: " + refused.getMessage());
            Failure before = conversation.failure();
            conversation.fail(
                    before != null
                            ? before
                            : refused.isTooLarge()
                                    ? Failure.of(
                                            ErrorCategory.PROTOCOL_ERROR,
                                            "the provider's answer is larger than the reply topic takes")
                                    : Failure.of(ErrorCategory.INTERNAL_ERROR, String.valueOf(refused.getMessage())));
            return;
        }
        String place = FailedStep.of(cause).map(step -> " in " + step).orElse("");
        LOG.error("Rejected by a defect{}: the event gets an internal_error and a dead letter", place, cause);
        // The exception's own text is for the log only: it may quote anything.
        conversation.fail(Failure.of(
                ErrorCategory.INTERNAL_ERROR,
                "internal error ("
                        + (cause == null ? "no exception" : cause.getClass().getSimpleName())
                        + ")" + place + ": the log lines of this event say more"));
    }
}
