package dev.serai.connect;

import dev.serai.wire.TraceContext;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Lets {@code Retry-After} in and nothing else, and the trace that an event belongs to out and nothing else. Stateless.
 */
public final class ProviderHeaders implements HeaderFilterStrategy {
    public static final String RETRY_AFTER = "Retry-After";

    /** Valid ones only: see {@link TraceContext}. */
    private static final Set<String> OUT = Set.of(TraceContext.PARENT, TraceContext.STATE);

    @Override
    public boolean applyFilterToCamelHeaders(String name, @Nullable Object value, Exchange exchange) {
        return !OUT.contains(name);
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, @Nullable Object value, Exchange exchange) {
        return !RETRY_AFTER.equalsIgnoreCase(name);
    }
}
