package dev.serai.conversation;

import dev.serai.engine.Outbox;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Binds the event's outbox to the thread that runs a step of its routes, so that what the step sends to a
 * {@code kafka:} endpoint with {@code kafkaClientFactory=#outbox} goes out with the event. Each step, because a route
 * may go on on other threads. Stateless.
 */
public final class BindOutbox implements InterceptStrategy {

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode definition, Processor target, Processor nextTarget) {
        return new DelegateAsyncProcessor(target) {
            @Override
            @SuppressWarnings("try") // bound for as long as the block runs, and not used in it
            public boolean process(Exchange exchange, AsyncCallback callback) {
                Conversation conversation = Conversation.find(exchange);
                if (conversation == null) {
                    return super.process(exchange, callback);
                }
                try (Outbox.Binding bound = conversation.delivery().outbox().bind()) {
                    return super.process(exchange, callback);
                }
            }
        };
    }
}
