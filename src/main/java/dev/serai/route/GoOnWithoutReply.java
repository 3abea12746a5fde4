package dev.serai.route;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends an event whose failure reply fits no topic: the dead letter is its answer. Stateless, thread-safe. */
public final class GoOnWithoutReply implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(GoOnWithoutReply.class);

    @Override
    public void process(Exchange exchange) {
        LOG.error("No failure reply: the event's key or correlation headers are larger than the reply topic takes");
        // The reply route's error handler has marked the exchange when it let the exception pass, and the failure
        // policy that this runs in would take that for a failure of its own.
        exchange.getExchangeExtension().setErrorHandlerHandled(null);
        exchange.getExchangeExtension().setFailureHandled(false);
    }
}
