package dev.serai.intake;

import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Down while an intake takes no raw records, or cannot publish what they come to. It says so to whoever asks for health as a
 * whole, and to neither liveness nor readiness: what comes in elsewhere is answered, and neither a restart nor another replica
 * would mend it.
 */
public final class MappedIntakeHealth extends AbstractHealthCheck {
    private final Supplier<List<String>> problems;
    private final IntSupplier owned;
    private final IntSupplier ready;

    /**
     * @param intake its name
     * @param problems what is wrong, and what to do
     * @param owned partitions that this process was given
     * @param ready those of them that it reads
     */
    public MappedIntakeHealth(String intake, Supplier<List<String>> problems, IntSupplier owned, IntSupplier ready) {
        super("serai", "intake-" + intake);
        this.problems = problems;
        this.owned = owned;
        this.ready = ready;
    }

    @Override
    public boolean isReadiness() {
        return false;
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
