package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.Pace;
import dev.serai.testing.ReplyTimes;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Issue 12, A4: what one tenant, key or batch makes wait does not make the others wait, with the product's own settings
 * for what is held, how many calls there may be and how long they may take.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class FairnessTest {
    private static final Logger LOG = LoggerFactory.getLogger(FairnessTest.class);

    /** Of callers, who are what it is about. */
    private static final int PER_SECOND = 15;

    private static final Duration CALLERS_COME_FOR = Duration.ofSeconds(4);

    private static final Duration CALLERS_PATIENCE = Duration.ofSeconds(30);

    /** Seen are 0.6 to 2.7 s, as the JVM compiles and the machine does other things; a minute and more behind the others. */
    private static final Duration BEHIND_NOBODY = Duration.ofSeconds(8);

    /** More than were ever held at once before. How much it costs the others is measured by {@link TenantIsolationTest}. */
    @Test
    void tenantThatHangs_doesNotMakeTheOthersWait() throws Exception {
        try (Subject serai = subject()) {
            serai.running.standIn().latency(Duration.ofMillis(200), Duration.ofMillis(300));
            serai.running.standIn().script(FaultScript.always(Fault.hang()).forCharacter("hangs"));
            for (int i = 0; i < 1_500; i++) {
                serai.others("hanging-" + i, "\"character_id\":\"hangs\",\"tenant\":\"acme\"");
            }

            Duration beside = serai.callers("beside", CALLERS_COME_FOR);

            LOG.info("99th percentile of callers beside a tenant that hangs: {}", beside);
            assertThat(beside).isLessThan(BEHIND_NOBODY);
        }
    }

    @Test
    void batch_doesNotMakeCallersExpire() throws Exception {
        try (Subject serai = subject()) {
            serai.running.standIn().latency(Duration.ofMillis(200), Duration.ofMillis(300));
            for (int i = 0; i < 2_500; i++) {
                serai.others("learner-" + i, "\"character_id\":\"c\",\"ttl_ms\":36000000");
            }

            Duration beside = serai.callers("beside", CALLERS_COME_FOR);

            LOG.info("99th percentile of callers beside a batch: {}", beside);
            assertThat(beside).isLessThan(BEHIND_NOBODY);
            assertThat(serai.running.standIn().calls())
                    .as("the batch goes on meanwhile")
                    .hasSizeGreaterThan((int) CALLERS_COME_FOR.toSeconds() * PER_SECOND + 20);
        }
    }

    @Test
    void hotKey_isOneAmongOthers() throws Exception {
        try (Subject serai = subject()) {
            serai.running.standIn().latency(Duration.ofMillis(200), Duration.ofMillis(300));
            for (int i = 0; i < 500; i++) {
                serai.others("hot", "\"character_id\":\"c\"");
            }

            Duration beside = serai.callers("beside", CALLERS_COME_FOR);

            LOG.info("99th percentile of callers beside a hot key: {}", beside);
            assertThat(beside).isLessThan(BEHIND_NOBODY);
        }
    }

    private Subject subject() {
        Map<String, String> settings = RunningSerai.withoutSources(Map.of(
                "serai.connect.response-timeout",
                "10s",
                "serai.connect.initial-backoff",
                "1s",
                "serai.connect.max-backoff",
                "8s",
                "serai.connect.gate.outage-probe",
                "2s",
                "serai.connect.gate.max-outage-probe",
                "15s",
                "serai.kafka.partitions",
                "8"));
        return new Subject(RunningSerai.withTenants(settings, "acme"));
    }

    /** The service and its callers, of the default tenant. */
    private static final class Subject implements AutoCloseable {
        private final RunningSerai running;
        private final ReplyTimes times;
        private int published;

        Subject(RunningSerai running) {
            this.running = running;
            times = new ReplyTimes("fairness", running);
        }

        void others(String key, String fields) {
            times.publishUnmeasured(key, "{\"event_id\":\"other-" + published++ + "\"," + fields + "}");
        }

        /**
         * Callers at their pace, each in a conversation of its own. All of them get their rooms.
         *
         * @return the 99th percentile of the time from publishing to reply
         */
        Duration callers(String name, Duration lasts) throws InterruptedException, ExecutionException {
            Pace pace = Pace.perSecond(PER_SECOND);
            int number = (int) lasts.toSeconds() * PER_SECOND;
            for (int i = 0; i < number; i++) {
                pace.awaitTurn();
                String id = name + "/" + i;
                times.publish(
                        id,
                        "caller-" + id,
                        "{\"event_id\":\"" + id + "\",\"character_id\":\"c\",\"ttl_ms\":" + CALLERS_PATIENCE.toMillis()
                                + "}");
            }
            times.awaitReplies();
            assertThat(running.replies())
                    .filteredOn(reply ->
                            RunningSerai.json(reply).path("event_id").asText().startsWith(name + "/"))
                    .hasSize(number)
                    .allMatch(reply ->
                            RunningSerai.json(reply).path("status").asText().equals("started"));
            LOG.info("{}: 50th {}, 95th {}", name, times.percentile(name, 50), times.percentile(name, 95));
            return times.percentile(name, 99);
        }

        @Override
        public void close() {
            times.close();
            running.close();
        }
    }
}
