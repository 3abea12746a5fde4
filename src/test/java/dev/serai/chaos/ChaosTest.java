package dev.serai.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.guarantee.Guarantees;
import dev.serai.guarantee.History;
import dev.serai.guarantee.NoNeedlessCall;
import dev.serai.guarantee.Report;
import dev.serai.testing.BesideOthers;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service as it is run, in several processes, while replicas are killed, come and go, the broker restarts and the
 * provider fails: every promise is kept. {@code -Dserai.chaos.seed=N} repeats a run's events and steps;
 * {@code mvn verify -Pchaos} runs the long form too.
 */
@BesideOthers
class ChaosTest {
    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void replicasThatComeAndGo_costNoCall() throws Exception {
        History history = everyGuaranteeIsKept(ChaosPlan.CALM);

        assertThat(history.calls().size()).isEqualTo(history.published().size());
    }

    @Test
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void killsAndFaults_breakNoGuarantee() throws Exception {
        everyGuaranteeIsKept(ChaosPlan.SHORT);
    }

    @Test
    @Tag("chaos-long")
    @Timeout(value = 40, unit = TimeUnit.MINUTES)
    void manyKillsAndFaults_breakNoGuarantee() throws Exception {
        everyGuaranteeIsKept(ChaosPlan.LONG);
    }

    @Test
    @Tag("chaos-long")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void restartsOfTheBroker_breakNoGuarantee() throws Exception {
        everyGuaranteeIsKept(ChaosPlan.RESTARTS);
    }

    private History everyGuaranteeIsKept(ChaosPlan plan) throws Exception {
        long seed = Long.getLong("serai.chaos.seed", new Random().nextInt(1_000_000));
        System.out.println("serai.chaos.seed=" + seed + ": " + plan);
        try (var run = new ChaosRun(plan, seed, directory)) {
            try {
                History history = run.run();
                System.out.println("serai.chaos.seed=" + seed + ": " + NoNeedlessCall.count(history));
                Report report = Report.of(history, Guarantees.all(ServiceSettings.MOST_HELD));
                assertThat(report.isClean()).as("%s", report).isTrue();
                return history;
            } catch (Throwable e) {
                System.out.println("serai.chaos.seed=" + seed + " failed: " + e.getMessage());
                System.out.println(run.timeline());
                System.out.println(run.logs());
                throw e;
            }
        }
    }
}
