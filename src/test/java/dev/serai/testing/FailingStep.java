package dev.serai.testing;

import dev.serai.route.Conversation;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** A step such as a user adds to a route, with a defect. */
public final class FailingStep implements Processor {
    private static final Map<String, Supplier<Throwable>> FAILURES = new ConcurrentHashMap<>();

    /** From now on the step throws what the supplier makes when it meets the event. */
    public static void failFor(String eventId, Supplier<Throwable> failure) {
        FAILURES.put(eventId, failure);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Supplier<Throwable> failure = FAILURES.get(Conversation.of(exchange).eventId());
        if (failure == null) {
            return;
        }
        Throwable thrown = failure.get();
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (Exception) thrown;
    }
}
