package dev.serai.observe;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** The only check of liveness: down when a restart helps, and nothing else does. */
public final class EngineLiveness extends AbstractHealthCheck {
    private final Supplier<Optional<String>> dead;

    /** @param dead what of the process has ended that only another process can do; empty while it is well */
    public EngineLiveness(Supplier<Optional<String>> dead) {
        super("serai", "engine");
        this.dead = dead;
    }

    @Override
    public boolean isLiveness() {
        return true;
    }

    @Override
    public boolean isReadiness() {
        return true;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        dead.get()
                .ifPresentOrElse(text -> builder.message(text + ": restart it").down(), builder::up);
    }
}
