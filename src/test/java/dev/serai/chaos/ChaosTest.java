package dev.serai.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import dev.serai.trial.guarantee.Guarantee;
import dev.serai.trial.guarantee.Guarantees;
import dev.serai.trial.guarantee.History;
import dev.serai.trial.guarantee.NoNeedlessCall;
import dev.serai.trial.guarantee.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service as it is run, in several processes, while replicas are killed, frozen, cut off, come and go, the broker
 * restarts, freezes and loses the end of its log, and the provider fails: every promise is kept.
 *
 * <p>{@code mvn verify -Pchaos} runs the long form too. {@code -Dserai.chaos.seed=N} repeats a run's events and steps;
 * {@code -Dserai.chaos.hog=true} runs beside something that burns a core. What there is to know of a run that failed is
 * put into {@code target/chaos-N}.
 */
@BesideOthers
@Order(BesideOthers.LONGEST)
@LeftToCi
class ChaosTest {
    @TempDir
    private Path directory;

    /** In one process {@code ProviderFleetTest} shows it in each build. */
    @Test
    @Tag("chaos-long")
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void replicasThatComeAndGo_costNoCall() throws Exception {
        History history = everyGuaranteeIsKept(ChaosPlan.CALM);

        // A machine that is busy with something else lets calls time out: these are repeated, and replies own up to
        // them.
        assertThat(history.calls().size() - NoNeedlessCall.count(history).repeated())
                .isEqualTo(history.published().size());
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void killsAndFaults_breakNoGuarantee() throws Exception {
        everyGuaranteeIsKept(ChaosPlan.SHORT);
    }

    @Test
    @Tag("chaos-long")
    @Timeout(value = 40, unit = TimeUnit.MINUTES)
    void everythingThatGoesWrong_breaksNoGuarantee() throws Exception {
        everyGuaranteeIsKept(ChaosPlan.LONG);
    }

    @Test
    @Tag("chaos-long")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void restartsOfTheBroker_breakNoGuarantee() throws Exception {
        everyGuaranteeIsKept(ChaosPlan.RESTARTS);
    }

    @Test
    @Tag("chaos-long")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void truncatedLogs_breakNoGuarantee() throws Exception {
        everyGuaranteeIsKept(ChaosPlan.TRUNCATIONS);
    }

    private History everyGuaranteeIsKept(ChaosPlan plan) throws Exception {
        long seed = Long.getLong("serai.chaos.seed", new Random().nextInt(1_000_000));
        String name = "serai.chaos.seed=" + seed;
        boolean hog = Boolean.getBoolean("serai.chaos.hog");
        System.out.println(name + ": " + plan + (hog ? ", beside a hog" : ""));
        try (var run = new ChaosRun(plan, seed, hog, directory)) {
            try {
                History history = run.run();
                System.out.println(name + ": " + NoNeedlessCall.count(history));
                run.stalls().forEach(line -> System.out.println(name + ": " + line));
                List<Guarantee> guarantees = new ArrayList<>(Guarantees.all(ServiceSettings.MOST_HELD, false, true));
                guarantees.add(run.secrets());
                Report report = Report.of(history, guarantees);
                assertThat(report.isClean()).as("%s", report).isTrue();
                return history;
            } catch (Throwable e) {
                System.out.println(name + " failed: " + e.getMessage());
                System.out.println(run.timeline());
                System.out.println(run.logs());
                Path files = unused(Path.of("target", "chaos-" + seed));
                run.copyTo(files);
                run.stalls().forEach(line -> System.out.println(name + " failed: " + line));
                System.out.println(name + " failed: see " + files);
                throw e;
            }
        }
    }

    private static Path unused(Path directory) {
        Path unused = directory;
        for (int i = 2; Files.exists(unused); i++) {
            unused = directory.resolveSibling(directory.getFileName() + "-" + i);
        }
        return unused;
    }
}
