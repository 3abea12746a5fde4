package dev.serai.observe;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Down while the provider refuses the credentials; otherwise up, with the last call's outcome as detail. */
public final class ProviderHealth extends AbstractHealthCheck {
    private final LastCall lastCall;

    public ProviderHealth(LastCall lastCall) {
        super("serai", "provider");
        this.lastCall = lastCall;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.up();
        lastCall.outcome()
                .ifPresentOrElse(
                        outcome -> {
                            builder.detail("last_outcome", outcome.label())
                                    .detail("last_call_at", outcome.at().toString());
                            if (outcome.credentialsRefused()) {
                                builder.message("the provider refuses the API key: set CONVAI_API_KEY or"
                                                + " CONVAI_API_KEY_FILE to one that it accepts")
                                        .down();
                            }
                        },
                        () -> builder.detail("last_outcome", "none"));
    }
}
