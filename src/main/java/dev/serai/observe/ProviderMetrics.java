package dev.serai.observe;

import dev.serai.connect.gate.Gate;
import dev.serai.connect.gate.GateStatus;
import dev.serai.connect.gate.HoldReason;
import dev.serai.wire.Priority;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.ToIntFunction;

/**
 * What calls of the provider come to, and what events wait for before them. The names are public API, as those of
 * {@link ConversationMetrics}. Thread-safe.
 */
final class ProviderMetrics {
    private final MeterRegistry registry;
    // Each event asks for one: found here, it need not be built to be found in the registry.
    private final ConcurrentMap<Waits, Timer> waits = new ConcurrentHashMap<>();
    private final ConcurrentMap<Calls, Timer> calls = new ConcurrentHashMap<>();

    private record Calls(String tenant, String outcome) {}

    private record Waits(String tenant, Priority priority) {}

    ProviderMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A call of the provider came back or failed. */
    void called(String tenant, String outcome, Duration latency) {
        calls(tenant, outcome).record(latency);
    }

    private Timer calls(String tenant, String outcome) {
        return calls.computeIfAbsent(new Calls(tenant, outcome), key -> Timer.builder("serai.connect.calls")
                .description("Calls of POST /connect by outcome")
                .tag("tenant", tenant)
                .tag("outcome", outcome)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(10))
                .maximumExpectedValue(Duration.ofMinutes(2))
                .register(registry));
    }

    /** An event has waited before the gate, whether its turn came or its deadline. */
    void waited(String tenant, Priority priority, Duration time) {
        waits.computeIfAbsent(new Waits(tenant, priority), key -> Timer.builder("serai.gate.wait")
                        .description("Time that events waited for their turn to call the provider")
                        .tag("tenant", tenant)
                        .tag("priority", priority.label())
                        .publishPercentileHistogram()
                        .minimumExpectedValue(Duration.ofMillis(1))
                        .maximumExpectedValue(Duration.ofMinutes(10))
                        .register(registry))
                .record(time);
    }

    /** Watches a tenant's gate. */
    void watch(String tenant, Gate gate) {
        // Those that alerts divide by one another; a histogram of each outcome would be hundreds of series for each
        // tenant.
        calls(tenant, "connected");
        calls(tenant, "busy");
        waiting(tenant, Priority.LIVE, gate, status -> status.waiting() - status.batch());
        waiting(tenant, Priority.BATCH, gate, GateStatus::batch);
        gauge("serai.gate.calls", "Calls that are under way", tenant, gate, GateStatus::underWay);
        gauge("serai.gate.limit", "Calls that may be under way", tenant, gate, GateStatus::limit);
        gate.onFreedSlotTaken(Timer.builder("serai.slot.to.room")
                .description("From the end of a session to the next room of its tenant, where an event waited for it")
                .tag("tenant", tenant)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(10))
                .maximumExpectedValue(Duration.ofMinutes(1))
                .register(registry)::record);
        for (HoldReason hold : HoldReason.values()) {
            Gauge.builder("serai.gate.held", gate, watched -> isHeld(watched.status(), hold) ? 1 : 0)
                    .description("Whether no call may begin, by why")
                    .tag("tenant", tenant)
                    .tag("why", hold.label())
                    .strongReference(true)
                    .register(registry);
        }
    }

    private static boolean isHeld(GateStatus status, HoldReason why) {
        return why == HoldReason.RESERVE ? status.reserved() : status.hold() == why;
    }

    private void waiting(String tenant, Priority priority, Gate gate, ToIntFunction<GateStatus> number) {
        Gauge.builder("serai.gate.waiting", gate, watched -> number.applyAsInt(watched.status()))
                .description("Events that wait for their turn")
                .tag("tenant", tenant)
                .tag("priority", priority.label())
                .strongReference(true)
                .register(registry);
    }

    private void gauge(String name, String description, String tenant, Gate gate, ToIntFunction<GateStatus> number) {
        Gauge.builder(name, gate, watched -> number.applyAsInt(watched.status()))
                .description(description)
                .tag("tenant", tenant)
                .strongReference(true)
                .register(registry);
    }
}
