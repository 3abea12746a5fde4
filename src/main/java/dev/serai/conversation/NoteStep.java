package dev.serai.conversation;

import dev.serai.observe.waiting.RouteStep;
import dev.serai.observe.waiting.Wait;
import java.util.Objects;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/** Notes which step of which route an event has come to, for whoever asks what it waits for. Stateless. */
public final class NoteStep implements InterceptStrategy {
    private static final String LANE = "lane:";

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode definition, Processor target, @Nullable Processor nextTarget) {
        RouteStep step = new RouteStep(
                Objects.requireNonNullElse(ProcessorDefinitionHelper.getRouteId(definition), "of Java"),
                Objects.requireNonNullElse(definition.getId(), definition.getShortName()));
        boolean queues = definition instanceof SendDefinition<?> send
                && Objects.requireNonNullElse(send.getEndpointUri(), "").startsWith(LANE);
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                Conversation conversation = Conversation.find(exchange);
                if (conversation != null) {
                    conversation.held().at(step);
                    if (queues) {
                        // Before it is: the lane may have come to it by the time that this step returns.
                        conversation.held().waitsFor(new Wait.Lane());
                    }
                }
                return super.process(exchange, callback);
            }
        };
    }
}
