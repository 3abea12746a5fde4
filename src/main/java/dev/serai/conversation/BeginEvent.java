package dev.serai.conversation;

import dev.serai.observe.LogFields;
import dev.serai.wire.ForgetCommand;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * An event's turn in its lane has come. It ends here if its partition is to go to another owner, and if it is no event
 * but the command to forget its conversation. Stateless, thread-safe.
 */
public final class BeginEvent implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(BeginEvent.class);

    private final Clock clock;

    public BeginEvent(Clock clock) {
        this.clock = clock;
    }

    /** Puts the event's names on every log line of this thread. */
    static void logIdentity(EventInFlight inFlight) {
        MDC.put(LogFields.EVENT_ID, inFlight.eventId());
        MDC.put(LogFields.CONVERSATION_KEY, inFlight.original().conversationKey());
    }

    @Override
    public void process(Exchange exchange) {
        EventInFlight inFlight = EventInFlight.of(exchange);
        logIdentity(inFlight);
        inFlight.begin(clock.instant());
        if (!inFlight.delivery().begin()) {
            exchange.setRouteStop(true);
        } else if (inFlight.original().conversationKey() != null && ForgetCommand.isIn(inFlight.original())) {
            LOG.info("The conversation is forgotten, as a command says");
            inFlight.settlement().passedOver();
            exchange.setRouteStop(true);
        }
    }
}
