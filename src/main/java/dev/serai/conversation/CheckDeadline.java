package dev.serai.conversation;

import dev.serai.connect.ConnectCall;
import dev.serai.connect.gate.HoldReason;
import dev.serai.loop.Elapsed;
import dev.serai.observe.KafkaWatch;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.event.Deadlines;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Leaves for the reject route when the caller cannot be waiting any more: with {@code cancelled} if an end event has said so;
 * if time has, with the failure of the last call if one was made and came to no room, else with {@code expired}. Thread-safe.
 */
public final class CheckDeadline implements Processor {
    private final KafkaWatch kafka;
    private final Deadlines deadlines;
    private final Clock clock;

    /** @param deadlines of events that name none */
    public CheckDeadline(KafkaWatch kafka, Deadlines deadlines, Clock clock) {
        this.kafka = kafka;
        this.deadlines = deadlines;
        this.clock = clock;
    }

    /** @throws ConversationFailure if the deadline has come */
    @Override
    public void process(Exchange exchange) {
        EventInFlight.of(exchange).delivery().requireNotCancelled();
        if (!left(exchange).isPositive()) {
            throw passed(exchange);
        }
    }

    /** What is left until the event's deadline; negative once it has passed. */
    Duration left(Exchange exchange) {
        return Duration.between(
                clock.instant(), EventInFlight.of(exchange).event().expiresAt());
    }

    /** Of an event whose time is over; says what kept it from its room if it has none yet. */
    ConversationFailure passed(Exchange exchange) {
        EventInFlight inFlight = EventInFlight.of(exchange);
        ConnectCall call = exchange.getProperty(ConnectCall.PROPERTY, ConnectCall.class);
        if (call == null || !call.isPending()) {
            return expired(inFlight, "");
        }
        Failure failure = call.lastFailure();
        if (failure != null) {
            return new ConversationFailure(
                    failure.noting("until the deadline " + inFlight.event().expiresAt()));
        }
        HoldReason hold = call.tenant().gate().status().hold();
        String why = kafka.problem().orElseGet(() -> hold == null ? "" : hold.text());
        return expired(inFlight, why.isEmpty() ? "" : ", while it waited for its turn: " + why);
    }

    /** Says how late it is, and what else there is to say. */
    ConversationFailure expired(EventInFlight inFlight, String further) {
        Instant deadline = inFlight.event().expiresAt();
        Duration late = Duration.between(deadline, clock.instant());
        return new ConversationFailure(Failure.of(
                ErrorCategory.EXPIRED,
                "the deadline " + deadline + " passed " + Elapsed.text(late) + " ago" + further
                        + (inFlight.read().namesDeadline()
                                ? ""
                                : deadlines
                                        .whyShort(inFlight.original())
                                        .map(why -> "; " + why)
                                        .orElse(""))));
    }
}
