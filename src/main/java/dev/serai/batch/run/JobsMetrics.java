package dev.serai.batch.run;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.DoubleSupplier;

/**
 * The metrics of the jobs that this replica runs. Their names are public API; {@code src/docs/metrics.md} says what they mean.
 * Thread-safe.
 */
public final class JobsMetrics {
    private final MeterRegistry registry;
    private final Counter published;
    private final Counter started;
    private final Counter failed;
    private final Counter lost;

    public JobsMetrics(MeterRegistry registry) {
        this.registry = registry;
        // Registered before they first count, so that rates and alerts work from the start.
        published = Counter.builder("serai.jobs.rows.published")
                .description("Rows of provisioning jobs whose start event was published")
                .register(registry);
        started = answered("started");
        failed = answered("failed");
        lost = answered("lost");
    }

    private Counter answered(String outcome) {
        return Counter.builder("serai.jobs.rows.answered")
                .description("Rows of provisioning jobs by what their start event came to")
                .tag("outcome", outcome)
                .register(registry);
    }

    void published(int rows) {
        published.increment(rows);
    }

    void answered(boolean withRoom) {
        (withRoom ? started : failed).increment();
    }

    void lost(int rows) {
        lost.increment(rows);
    }

    void watch(String name, String description, DoubleSupplier number) {
        Gauge.builder(name, number::getAsDouble).description(description).register(registry);
    }
}
