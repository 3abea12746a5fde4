package dev.serai.connect;

import dev.serai.connect.gate.Gate;
import dev.serai.http.BoundedHttpClient;
import dev.serai.loop.RepeatedWarning;
import dev.serai.wire.TraceContext;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions by {@code POST /disconnect} of each tenant's account. A call that failed for what may pass (5xx, 429, no
 * answer) is made again, a few times; 200 says that the session is over, whether it was open or not. Without part in the gate of
 * {@code /connect}: of each tenant a few calls are made at once, the others wait, in bounded number and for a bounded time. What
 * could not be ended is counted, and said in the log without ids.
 *
 * <p>Thread-safe.
 */
public final class Disconnects implements SessionEnder, AutoCloseable {
    /** Calls at once of one tenant: how many connections its client needs. */
    public static final int AT_ONCE = EndingRules.DEFAULT.atOnce();

    /** The longest answer that its client has to read, in bytes. */
    public static final int MAX_ANSWER_BYTES = DisconnectEndpoint.MAX_ANSWER_BYTES;

    /** What bounds a call of its client. */
    public static final Duration LONGEST_CALL = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Disconnects.class);

    private final Map<String, TenantEnder> tenants = new HashMap<>();
    private final EndingMetrics metrics;
    private final RepeatedWarning unknown = new RepeatedWarning(LOG);

    /**
     * Where a tenant's sessions are ended.
     *
     * @param baseUrl without {@code /disconnect} and without a slash at its end
     * @param client for {@link #AT_ONCE} connections, without headers of its own: the provider wants no key
     * @param gate woken when a session is over
     */
    public record Account(URI baseUrl, BoundedHttpClient client, Gate gate) {}

    /** @param accounts by the tenants' names */
    public Disconnects(Map<String, Account> accounts, EndingMetrics metrics) {
        this(accounts, metrics, EndingRules.DEFAULT);
    }

    Disconnects(Map<String, Account> accounts, EndingMetrics metrics, EndingRules rules) {
        this.metrics = metrics;
        accounts.forEach((name, account) -> tenants.put(
                name,
                new TenantEnder(
                        name,
                        new DisconnectEndpoint(account.baseUrl(), account.client()),
                        account.gate(),
                        rules,
                        metrics)));
    }

    @Override
    public CompletableFuture<Boolean> end(String tenant, List<String> sessionIds, EndCause cause) {
        return end(tenant, sessionIds, cause, Optional.empty());
    }

    @Override
    public CompletableFuture<Boolean> end(
            String tenant, List<String> sessionIds, EndCause cause, Optional<TraceContext> trace) {
        TenantEnder ender = tenants.get(tenant);
        if (ender == null) {
            // Remembered from before the settings were changed.
            sessionIds.forEach(id -> metrics.left(tenant, cause));
            unknown.met(tenant, "Sessions are left open whose tenant is none of the settings any more: " + tenant);
            return CompletableFuture.completedFuture(false);
        }
        List<CompletableFuture<Boolean>> ends = sessionIds.stream()
                .distinct()
                .map(id -> ender.end(id, cause, trace))
                .toList();
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                .thenApply(all -> ends.stream().allMatch(CompletableFuture::join));
    }

    /** For some seconds what waits is still ended, of all tenants at once; the rest is left. */
    @Override
    public void close() {
        List<Thread> closing = tenants.values().stream()
                .map(ender -> Thread.ofVirtual().start(ender::close))
                .toList();
        try {
            for (Thread thread : closing) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.debug("Interrupted while sessions are ended");
        }
    }
}
