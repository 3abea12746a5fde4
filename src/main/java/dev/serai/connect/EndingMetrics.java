package dev.serai.connect;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The metrics of ending sessions. Their names are public API; {@code src/docs/metrics.md} says what they mean. Thread-safe.
 */
public final class EndingMetrics {
    private final MeterRegistry registry;
    private final ConcurrentMap<String, OfTenant> tenants = new ConcurrentHashMap<>();

    /** What is counted of one tenant's sessions. */
    private record OfTenant(Map<EndCause, Counter> ended, Map<EndCause, Counter> left) {}

    public EndingMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** All of a tenant's series are there from now on. */
    void watch(String tenant, IntSupplier waiting) {
        of(tenant);
        calls(tenant, "over");
        Gauge.builder("serai.disconnect.waiting", waiting, IntSupplier::getAsInt)
                .description("Sessions that are to be ended, and whose end the provider has not confirmed yet")
                .tag("tenant", tenant)
                .strongReference(true)
                .register(registry);
    }

    void ended(String tenant, EndCause cause) {
        count(of(tenant).ended, cause);
    }

    void left(String tenant, EndCause cause) {
        count(of(tenant).left, cause);
    }

    private static void count(Map<EndCause, Counter> counters, EndCause cause) {
        Objects.requireNonNull(counters.get(cause), "there is a counter for each cause")
                .increment();
    }

    void called(String tenant, String outcome, Duration took) {
        calls(tenant, outcome).record(took);
    }

    private Timer calls(String tenant, String outcome) {
        return Timer.builder("serai.disconnect.calls")
                .description("Calls of POST /disconnect by outcome")
                .tag("tenant", tenant)
                .tag("outcome", outcome)
                .register(registry);
    }

    private OfTenant of(String tenant) {
        return tenants.computeIfAbsent(
                tenant,
                name -> new OfTenant(
                        byCause(
                                "serai.sessions.ended",
                                "Sessions that this service ended, as the provider confirmed",
                                name),
                        byCause("serai.sessions.left", "Sessions that it could not end, and that idle out", name)));
    }

    private Map<EndCause, Counter> byCause(String name, String description, String tenant) {
        return Stream.of(EndCause.values()).collect(Collectors.toMap(Function.identity(), cause -> Counter.builder(name)
                .description(description)
                .tag("tenant", tenant)
                .tag("cause", cause.label())
                .register(registry)));
    }
}
