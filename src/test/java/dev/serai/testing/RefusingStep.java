package dev.serai.testing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** A step before one that publishes, as if Kafka did not take a record the first few times. */
public final class RefusingStep implements Processor {
    private static final Map<String, AtomicInteger> LEFT = new ConcurrentHashMap<>();

    /** From now on the step throws so many times where a body holds the text. */
    public static void refuse(String text, int times) {
        LEFT.put(text, new AtomicInteger(times));
    }

    /** How many of these times are still to come. */
    public static int left(String text) {
        AtomicInteger left = LEFT.get(text);
        return left == null ? 0 : left.get();
    }

    @Override
    public void process(Exchange exchange) {
        String body = exchange.getMessage().getBody(String.class);
        LEFT.forEach((text, left) -> {
            if (body.contains(text) && left.getAndUpdate(times -> Math.max(0, times - 1)) > 0) {
                throw new IllegalStateException("refused, says this test");
            }
        });
    }
}
