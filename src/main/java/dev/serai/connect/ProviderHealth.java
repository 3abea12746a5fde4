package dev.serai.connect;

import dev.serai.connect.gate.Gate;
import dev.serai.connect.gate.GateStatus;
import dev.serai.connect.gate.HoldReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Down while the provider refuses the credentials of all tenants or their plans are used up, so that nothing can be
 * answered; the state of each tenant's gate, and whether the stand-in answers, as details. One tenant's account among others
 * is that tenant's trouble: it must not take the process out of service that works for the rest.
 */
public final class ProviderHealth extends AbstractHealthCheck {
    private static final String RENEWED = "raise it, or wait until it is renewed";
    private static final String MEANWHILE = "; meanwhile its events wait until their deadlines";

    private final Map<String, Gate> gates;
    private final Map<String, String> remedies;
    private final boolean standIn;

    /**
     * @param gates by tenant
     * @param remedies what to do when its key is refused, by tenant
     * @param standIn whether the stand-in answers, and no provider
     */
    public ProviderHealth(Map<String, Gate> gates, Map<String, String> remedies, boolean standIn) {
        super("serai", "provider");
        this.gates = gates;
        this.remedies = Map.copyOf(remedies);
        this.standIn = standIn;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.detail("stand_in", standIn);
        List<String> problems = new ArrayList<>();
        gates.forEach((tenant, gate) -> {
            GateStatus status = gate.status();
            HoldReason hold = status.hold();
            builder.detail(tenant + ".gate", hold == null ? "open" : hold.label())
                    .detail(tenant + ".waiting", status.waiting())
                    .detail(tenant + ".waiting_batch", status.batch())
                    .detail(tenant + ".calls", status.underWay())
                    .detail(tenant + ".limit", status.limit());
            GateStatus.Sessions sessions = status.sessions();
            if (sessions != null) {
                builder.detail(tenant + ".slots_taken", sessions.taken()).detail(tenant + ".slots", sessions.most());
            }
            if (hold != null && hold.isByAccount()) {
                String remedy = remedies.get(tenant);
                builder.detail(
                        tenant + ".problem",
                        (hold == HoldReason.QUOTA
                                        ? "the provider says that this tenant's plan is used up: " + RENEWED
                                        : "the provider refuses this tenant's API key: " + remedy)
                                + MEANWHILE);
                problems.add(
                        hold == HoldReason.QUOTA
                                ? "the provider says that the plan of tenant " + tenant + " is used up: " + RENEWED
                                : "the provider refuses the API key of tenant " + tenant + ": " + remedy);
            }
        });
        if (!problems.isEmpty()) {
            builder.message(String.join("; ", problems) + MEANWHILE);
        }
        if (problems.isEmpty() || problems.size() < gates.size()) {
            builder.up();
        } else {
            builder.down();
        }
    }
}
