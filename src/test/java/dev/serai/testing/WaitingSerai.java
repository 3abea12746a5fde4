package dev.serai.testing;

import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import java.util.HashMap;
import java.util.Map;

/**
 * A running service whose events wait: scenes are looked up at a source that answers nothing, a call may take a minute, and
 * a call for the character {@code acme's} is told that the credentials are none, which are tried again after ten minutes.
 */
public final class WaitingSerai implements AutoCloseable {
    private final SilentSource source = new SilentSource();
    private final RunningSerai serai;

    /** @param tenants besides the default one */
    public WaitingSerai(Map<String, String> further, String... tenants) {
        Map<String, String> settings = new HashMap<>(source.settings());
        settings.put("serai.connect.response-timeout", "60s");
        settings.put("serai.connect.total-timeout", "60s");
        settings.put("serai.connect.gate.credentials-probe", "10m");
        settings.putAll(further);
        serai = RunningSerai.withTenants(settings, tenants);
        serai.standIn().script(FaultScript.always(Fault.status(401)).forCharacter("acme's"));
    }

    public RunningSerai serai() {
        return serai;
    }

    @Override
    public void close() {
        source.close();
        // Its hanging calls end, and with them what a stop would wait for.
        serai.standIn().close();
        serai.close();
    }
}
