package dev.serai.connect;

import dev.serai.wire.TraceContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Ends sessions at the provider with {@code POST /disconnect} (contract, section 3). Thread-safe. */
public interface SessionEnder {
    /**
     * Ends the sessions of one room, best effort, on threads of its own. Never blocks and never throws.
     *
     * @param tenant one that there is
     * @param sessionIds secrets; the same one may be ended more than once
     * @return whether the provider has said of each that it is over; completes within a minute, never exceptionally
     */
    CompletableFuture<Boolean> end(String tenant, List<String> sessionIds, EndCause cause);

    /** The same for an event of a trace, which the calls belong to if the provider is called. */
    default CompletableFuture<Boolean> end(
            String tenant, List<String> sessionIds, EndCause cause, Optional<TraceContext> trace) {
        return end(tenant, sessionIds, cause);
    }
}
