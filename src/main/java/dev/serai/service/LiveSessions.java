package dev.serai.service;

import dev.serai.connect.SessionEnder;
import dev.serai.connect.gate.Gate;
import dev.serai.connect.gate.SessionRules;
import dev.serai.conversation.CloseSessions;
import dev.serai.loop.BackgroundLoop;
import dev.serai.loop.Counted;
import dev.serai.observe.ConversationMetrics;
import dev.serai.session.OpenSessions;
import dev.serai.session.OpenSessionsListener;
import dev.serai.session.SealingKeys;
import dev.serai.session.SessionSealer;
import dev.serai.settings.HeldSecret;
import dev.serai.settings.SecretFileWatch;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.TenantSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions that are open at the provider, the keys that seal them, and the timer that ends them. Thread-safe. */
final class LiveSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSessions.class);

    private final Duration idle;
    private final OpenSessions open;
    private final SessionSealer sealer;
    private final SecretFileWatch keyFile;
    private final CloseSessions closing;
    private @Nullable BackgroundLoop timer;

    LiveSessions(
            SeraiSettings settings,
            Map<String, Gate> gates,
            SessionEnder ender,
            ConversationMetrics metrics,
            Clock clock) {
        Set<String> tenants = gates.keySet();
        idle = settings.connect().sessionIdle();
        open = new OpenSessions(
                idle, clock, OpenSessions.Bounds.of(Runtime.getRuntime().maxMemory()));
        closing = new CloseSessions(open, ender, tenants, settings.connect().maxSession());
        HeldSecret keys = settings.sessions().keyFile();
        sealer = new SessionSealer(
                keys == null ? SealingKeys.NONE : SealingKeys.of(keys.secret().reveal()));
        keyFile = new SecretFileWatch(
                keys == null
                        ? List.of()
                        : List.of(new SecretFileWatch.Watched(
                                keys.file(),
                                keys.secret(),
                                others -> sealer.replace(SealingKeys.of(others.reveal())))));
        tenants.forEach(tenant -> metrics.watchOpenSessions(tenant, () -> open.open(tenant)));
        gates.forEach((tenant, gate) -> bound(settings.tenant(tenant), gate, tenant));
        open.listen(new OpenSessionsListener() {
            @Override
            public void fewer(String tenant) {
                // One that is remembered may be of a tenant that is none of the settings any more.
                Gate gate = gates.get(tenant);
                if (gate != null) {
                    gate.sessionsChanged();
                }
            }

            @Override
            public void lost(Lost why, int sessions) {
                metrics.sessionsLost(why.label(), sessions);
            }
        });
    }

    private void bound(TenantSettings plan, Gate gate, String tenant) {
        if (plan.maxSessions() != null || plan.liveReserve() > 0) {
            gate.boundSessions(
                    new SessionRules(plan.maxSessions(), idle, plan.liveReserve()), () -> open.lastOpen(tenant));
        }
    }

    OpenSessions open() {
        return open;
    }

    SessionSealer sealer() {
        return sealer;
    }

    /** Begins to end sessions at their time. */
    void start() {
        timer = closing.start();
    }

    /** Partitions go to other owners, or end with the process. */
    void drop(Set<Integer> partitions) {
        int lost = open.close(partitions);
        if (lost > 0) {
            LOG.warn(
                    "{} that this service was to end, and will not: partitions {} leave this process, and whoever gets them does"
                            + " not know these sessions. With serai.sessions.key-file only those of events without a key and of"
                            + " forgotten conversations are not known",
                    Counted.text(lost, "session is open", "sessions are open"),
                    partitions);
        }
    }

    @Override
    public void close() {
        if (timer != null) {
            timer.close();
        }
        keyFile.close();
    }
}
