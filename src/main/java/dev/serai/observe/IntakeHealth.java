package dev.serai.observe;

import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Down while records are not taken, or not those of all partitions that this process was given. */
public final class IntakeHealth extends AbstractHealthCheck {
    private final boolean readiness;
    private final Supplier<List<String>> problems;
    private final IntSupplier owned;
    private final IntSupplier ready;

    private IntakeHealth(
            String id, boolean readiness, Supplier<List<String>> problems, IntSupplier owned, IntSupplier ready) {
        super("serai", id);
        this.readiness = readiness;
        this.problems = problems;
        this.owned = owned;
        this.ready = ready;
    }

    /**
     * Of start events.
     *
     * @param problems what keeps them from being taken, and what to do
     * @param owned partitions that this process was given
     * @param ready those of them that it reads
     */
    public static IntakeHealth ofEvents(Supplier<List<String>> problems, IntSupplier owned, IntSupplier ready) {
        return new IntakeHealth("intake", true, problems, owned, ready);
    }

    /**
     * Of a mapped intake: down while it takes no raw records, or cannot publish what they come to. It says so to whoever asks
     * for health as a whole, and to neither liveness nor readiness: what comes in elsewhere is answered, and neither a restart
     * nor another replica would mend it.
     *
     * @param intake its name
     * @param problems what is wrong, and what to do
     * @param owned partitions that this process was given
     * @param ready those of them that it reads
     */
    public static IntakeHealth ofMapped(
            String intake, Supplier<List<String>> problems, IntSupplier owned, IntSupplier ready) {
        return new IntakeHealth("intake-" + intake, false, problems, owned, ready);
    }

    @Override
    public boolean isReadiness() {
        return readiness;
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
