package dev.serai.conversation;

import dev.serai.loop.OutOfMemory;
import dev.serai.route.FailedStep;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Lets a {@link Error} of a step end in the reject route like any other failure. Camel's error handlers take exceptions
 * only: an event whose step overflows the stack would end its consumer's thread, and with it the partition, again after
 * every restart. Only when memory has run out the process ends, also where Camel, or a bean, has made an exception of it.
 *
 * <p>An {@link InterruptedException} becomes a failure like any other, too. Camel takes it for the end of the service and
 * asks no failure policy; whether it is that, {@link LeftToNextOwner} says.
 *
 * <p>Every failure is marked with the step that it comes from, see {@link FailedStep}. Stateless.
 */
public final class ErrorsAsFailures implements InterceptStrategy {

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
            CamelContext context, NamedNode definition, Processor target, Processor nextTarget) {
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                HeldCallback held = new HeldCallback(exchange, callback, definition);
                boolean synchronous;
                try {
                    synchronous = super.process(exchange, held);
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
        };
    }
}
