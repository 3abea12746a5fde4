package dev.serai.conversation;

import dev.serai.engine.Delivery;
import dev.serai.engine.Outbox;
import dev.serai.loop.OutOfMemory;
import dev.serai.observe.waiting.RouteStep;
import dev.serai.observe.waiting.Wait;
import dev.serai.route.FailedStep;
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

/**
 * What is done around each step of an event's routes.
 *
 * <p>It notes which step of which route the event has come to, for whoever asks what it waits for. It binds the event's
 * outbox to the thread, so that what the step sends to a {@code kafka:} endpoint with {@code kafkaClientFactory=#outbox}
 * goes out with the event: each step, because a route may go on on other threads.
 *
 * <p>And it lets an {@link Error} of the step end in the reject route like any other failure. Camel's error handlers take
 * exceptions only: an event whose step overflows the stack would end its consumer's thread, and with it the partition, again
 * after every restart. Only when memory has run out the process ends, also where Camel, or a bean, has made an exception of
 * it. An {@link InterruptedException} becomes a failure like any other, too: Camel takes it for the end of the service and
 * asks no failure policy; whether it is that, {@link LeftToNextOwner} says. Every failure is marked with the step that it
 * comes from, see {@link FailedStep}. Stateless.
 */
public final class AroundStep implements InterceptStrategy {
    private static final String LANE = "lane:";

    /**
     * Holds the news that a step is done until it is known that it did not throw: Camel's own processors call back in a
     * {@code finally}, and an error that comes after it would end the exchange twice. Thread-safe: a step may call back
     * from another thread.
     */
    private static final class HeldCallback implements AsyncCallback {
        private final Exchange exchange;
        private final AsyncCallback callback;
        private final NamedNode step;
        private boolean released;
        private @Nullable Boolean done;

        HeldCallback(Exchange exchange, AsyncCallback callback, NamedNode step) {
            this.exchange = exchange;
            this.callback = callback;
            this.step = step;
        }

        @Override
        public void done(boolean synchronous) {
            synchronized (this) {
                if (!released) {
                    done = synchronous;
                    return;
                }
            }
            passOn(synchronous);
        }

        void release() {
            Boolean before;
            synchronized (this) {
                released = true;
                before = done;
            }
            if (before != null) {
                passOn(before);
            }
        }

        private void passOn(boolean synchronous) {
            Exception failure = exchange.getException();
            if (failure != null) {
                OutOfMemory.endProcessIf(failure);
            }
            if (failure instanceof InterruptedException) {
                exchange.getExchangeExtension().setInterrupted(false);
                failure = new IllegalStateException("a step was interrupted", failure);
                exchange.setException(failure);
            }
            if (failure != null && !(failure instanceof ConversationFailure)) {
                FailedStep.mark(failure, step);
            }
            callback.done(synchronous);
        }
    }

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
                HeldCallback held = new HeldCallback(exchange, callback, definition);
                boolean synchronous;
                try {
                    synchronous = processOfEvent(exchange, held);
                } catch (Error e) {
                    OutOfMemory.endProcessIf(e);
                    Exception failure = new IllegalStateException("a step failed with " + e, e);
                    FailedStep.mark(failure, definition);
                    exchange.setException(failure);
                    callback.done(true);
                    return true;
                }
                held.release();
                return synchronous;
            }

            @SuppressWarnings("try") // bound for as long as the block runs, and not used in it
            private boolean processOfEvent(Exchange exchange, AsyncCallback callback) {
                Delivery delivery = Delivery.find(exchange);
                if (delivery == null) {
                    return super.process(exchange, callback);
                }
                EventInFlight inFlight = EventInFlight.find(exchange);
                if (inFlight != null) {
                    inFlight.held().at(step);
                    if (queues) {
                        // Before it is: the lane may have come to it by the time that this step returns.
                        inFlight.held().waitsFor(new Wait.Lane());
                    }
                }
                try (Outbox.Binding bound = delivery.outbox().bind()) {
                    return super.process(exchange, callback);
                }
            }
        };
    }
}
