package dev.serai.connect;

import dev.serai.testing.ReplyTimes;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SideBySide;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Issue 12, A4: a tenant that gets no answer from the provider delays no other. Two services run side by side under the same
 * load of two tenants, fifteen events a second of each; for one of the services, the second tenant hangs, and has done so with
 * more events than would ever have been held at once before. Measured are the events of the other tenant, from publishing to
 * reply.
 */
@Isolated("it measures")
class TenantIsolationTest {
    private static final int PER_SECOND = 15;
    private static final int EVENTS_PER_ROUND = 10 * PER_SECOND;
    private static final int ALREADY_HANGING = 1_500;

    @Test
    @Tag("chaos-long")
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void tenantThatHangs_hardlyDelaysTheOther() throws Exception {
        try (var calm = service("calm");
                var troubled = service("hangs")) {
            troubled.serai().standIn().script(FaultScript.always(Fault.hang()).forCharacter("acme's"));
            for (int i = 0; i < ALREADY_HANGING; i++) {
                publishAcmes(troubled.times(), "before-" + i);
            }

            new SideBySide(calm, troubled, PER_SECOND, EVENTS_PER_ROUND).assertTroubleHardlyDelaysOthers();
        }
    }

    /** With the product's own settings. */
    private static SideBySide.Service service(String name) {
        RunningSerai serai = RunningSerai.withTenants(
                RunningSerai.withoutSources(Map.of(
                        "serai.connect.response-timeout", "10s",
                        "serai.connect.initial-backoff", "1s",
                        "serai.connect.max-backoff", "8s",
                        "serai.connect.gate.outage-probe", "2s",
                        "serai.connect.gate.max-outage-probe", "15s",
                        "serai.kafka.partitions", "8")),
                "acme");
        serai.standIn().latency(Duration.ofMillis(250), Duration.ofMillis(300));
        return new SideBySide.Service(name, serai, TenantIsolationTest::publish);
    }

    private static void publish(ReplyTimes times, int round, int number) {
        String id = ReplyTimes.eventId(round, number);
        times.publish(id, "other-" + id, "{\"event_id\":\"" + id + "\",\"character_id\":\"c\"}");
        publishAcmes(times, "beside-" + id);
    }

    private static void publishAcmes(ReplyTimes times, String id) {
        times.publishUnmeasured(
                "acme-" + id, "{\"event_id\":\"" + id + "\",\"character_id\":\"acme's\",\"tenant\":\"acme\"}");
    }
}
