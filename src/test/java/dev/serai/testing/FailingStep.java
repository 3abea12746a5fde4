package dev.serai.testing;

import dev.serai.conversation.EventInFlight;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/** A step such as a user adds to a route, with a defect. */
public final class FailingStep implements Processor {
    private static final Map<String, Supplier<? extends @Nullable Throwable>> FAILURES = new ConcurrentHashMap<>();

    /** From now on the step throws what the supplier makes when it meets the event; nothing where it makes null. */
    public static void failFor(String eventId, Supplier<? extends @Nullable Throwable> failure) {
        FAILURES.put(eventId, failure);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Supplier<? extends @Nullable Throwable> failure =
                FAILURES.get(EventInFlight.of(exchange).eventId());
        if (failure == null) {
            return;
        }
        Throwable thrown = failure.get();
        if (thrown == null) {
            return;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (Exception) thrown;
    }
}
