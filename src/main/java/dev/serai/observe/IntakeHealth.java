package dev.serai.observe;

import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Down while start events are not taken, or not those of all partitions that this process was given. */
public final class IntakeHealth extends AbstractHealthCheck {
    private final Supplier<List<String>> problems;
    private final IntSupplier owned;
    private final IntSupplier ready;

    /**
     * @param problems what keeps events from being taken, and what to do
     * @param owned partitions that this process was given
     * @param ready those of them that it reads
     */
    public IntakeHealth(Supplier<List<String>> problems, IntSupplier owned, IntSupplier ready) {
        super("serai", "intake");
        this.problems = problems;
        this.owned = owned;
        this.ready = ready;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.detail("partitions", owned.getAsInt()).detail("partitions_ready", ready.getAsInt());
        List<String> found = problems.get();
        if (found.isEmpty()) {
            builder.up();
        } else {
            builder.message(String.join("; ", found)).down();
        }
    }
}
