package dev.serai.lane;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.ExchangeHelper;

/**
 * Hands over a copy of the exchange together with its completions, which are then run when the lane's route is done
 * with the copy. The sender's own exchange goes on without them and has no reply to wait for.
 */
final class LaneProducer extends DefaultProducer {

    private final LaneEndpoint endpoint;

    LaneProducer(LaneEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) {
        LaneConsumer consumer = endpoint.getComponent().consumerOf(endpoint.getLane());
        Object key = exchange.getProperty(endpoint.getKeyProperty());
        Standing standing = exchange.getProperty(LaneEndpoint.STANDING_PROPERTY, Standing.class);
        // The completions move before the copy is submitted: once it is, its lane may already be done with it.
        Exchange copy = ExchangeHelper.createCorrelatedCopy(exchange, true, true);
        copy.setPattern(ExchangePattern.InOnly);
        boolean accepted = false;
        try {
            consumer.accept(key, standing == null ? Standing.PLAIN : standing, copy);
            accepted = true;
        } finally {
            if (!accepted) {
                // The lane has not taken it (it was closed meanwhile): the sender's exchange fails, and its completions
                // have to hear of it.
                copy.getExchangeExtension().handoverCompletions(exchange);
            }
        }
    }
}
