package dev.serai.connect;

import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.jspecify.annotations.Nullable;

/** Lets {@code Retry-After} in and nothing else, and nothing out. Stateless. */
public final class ProviderAnswerHeaders implements HeaderFilterStrategy {
    public static final String RETRY_AFTER = "Retry-After";

    @Override
    public boolean applyFilterToCamelHeaders(String name, @Nullable Object value, Exchange exchange) {
        return true;
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, @Nullable Object value, Exchange exchange) {
        return !RETRY_AFTER.equalsIgnoreCase(name);
    }
}
