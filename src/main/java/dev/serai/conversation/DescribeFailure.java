package dev.serai.conversation;

import dev.serai.engine.DeliveryCancelledException;
import dev.serai.engine.RecordRefusedException;
import dev.serai.lane.LaneEndpoint;
import dev.serai.loop.RepeatedWarning;
import dev.serai.route.FailedStep;
import dev.serai.route.FailureText;
import dev.serai.route.ShownDefects;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.event.ReplyTopics;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the exception that left the line into the failure that reply and dead letter state. Thread-safe. */
public final class DescribeFailure implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(DescribeFailure.class);

    private final ShownDefects shown = new ShownDefects();
    private final RepeatedWarning refusing = new RepeatedWarning(LOG);
    private final UnpublishedRooms rooms;
    private final ReplyTopics replyTopics;

    public DescribeFailure(UnpublishedRooms rooms, ReplyTopics replyTopics) {
        this.rooms = rooms;
        this.replyTopics = replyTopics;
    }

    @Override
    public void process(Exchange exchange) {
        EventInFlight inFlight = EventInFlight.of(exchange);
        rooms.failed(inFlight);
        if (!LaneEndpoint.isStopped(exchange) && Thread.interrupted()) {
            LOG.debug("The step has left its thread interrupted: the answer must not trip over it");
        }
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (cause instanceof DeliveryCancelledException || cause instanceof ConversationFailure) {
            LOG.debug("Rejected: {}", cause.getMessage());
            inFlight.fail(expected(inFlight, cause));
            return;
        }
        if (cause instanceof RecordRefusedException refused) {
            refusing.met(refused.topic(), "Events are rejected: " + refused.getMessage());
            Failure before = inFlight.failure();
            inFlight.fail(before != null ? before : ofRefused(inFlight, refused));
            return;
        }
        String place = FailedStep.of(cause).map(step -> " in " + step).orElse("");
        tell(place, cause);
        inFlight.fail(Failure.of(ErrorCategory.INTERNAL_ERROR, FailureText.forOthers(cause, place, "event")));
    }

    private Failure ofRefused(EventInFlight inFlight, RecordRefusedException refused) {
        if (refused.isTooLarge()
                && !inFlight.read().isEnd()
                && refused.topic().equals(replyTopics.topicFor(inFlight.original()))) {
            return Failure.of(
                    ErrorCategory.PROTOCOL_ERROR, "the provider's answer is larger than the reply topic takes");
        }
        // Who names a partition is the event's client.
        ErrorCategory category =
                refused.isWithoutPartition() ? ErrorCategory.INVALID_EVENT : ErrorCategory.INTERNAL_ERROR;
        return Failure.of(category, String.valueOf(refused.getMessage()));
    }

    /** Whatever else an event has met: once it is cancelled, nobody asks for more than that. */
    private static Failure expected(EventInFlight inFlight, Throwable cause) {
        return inFlight.delivery()
                .cancelled()
                .map(why -> Failure.of(ErrorCategory.CANCELLED, why))
                .orElseGet(() -> ((ConversationFailure) cause).failure());
    }

    /** With a stack trace for the first of each place and kind; each event has its line. */
    private void tell(String place, @Nullable Throwable cause) {
        if (cause == null || shown.isNews(place, cause)) {
            LOG.error("Rejected by a defect{}: the event gets an internal_error and a dead letter", place, cause);
        } else {
            LOG.error(
                    "Rejected by a defect{}, as one before it whose stack trace is above: the event gets an"
                            + " internal_error and a dead letter; {}",
                    place,
                    FailureText.of(cause));
            LOG.debug("The same defect", cause);
        }
    }
}
