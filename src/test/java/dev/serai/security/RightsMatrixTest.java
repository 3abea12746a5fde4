package dev.serai.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.SecuredBroker;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each right, and the password, is taken from a service under load and given back: nothing is lost, nothing is answered
 * twice, the service comes back by itself, and meanwhile health and log name what is missing. Prints a row for each.
 */
@Tag("chaos-long")
@Timeout(value = 400, unit = TimeUnit.SECONDS)
@BesideOthers
class RightsMatrixTest {
    /** What a log may say each second while something is missing; once and then every 30 s is far below. */
    private static final double MOST_LINES_PER_SECOND = 2;

    @TempDir
    private static Path directory;

    @AutoClose
    private static SecuredBroker broker;

    @BeforeAll
    static void start() {
        broker = SecuredBroker.start();
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void service_bearsTheLossOfAnything(Loss loss) throws Exception {
        check(loss);
    }

    private static void check(Loss loss) throws Exception {
        LossRun.Outcome outcome;
        try (LossRun run = new LossRun(broker, loss, directory)) {
            outcome = run.run();
        }
        System.out.println(outcome.row());

        SoftAssertions all = new SoftAssertions();
        all.assertThat(outcome.lost()).as("lost events").isEmpty();
        all.assertThat(outcome.twice()).as("events with two replies").isEmpty();
        all.assertThat(outcome.secondsUntilBack())
                .as("seconds until it was back by itself, -1 if it never was")
                .isGreaterThanOrEqualTo(0);
        all.assertThat(outcome.live()).as("live meanwhile").containsExactly(200);
        switch (loss.ready()) {
            case DOWN ->
                all.assertThat(outcome.namedIn(outcome.readyTexts()))
                        .as("ready is down and names one of %s: %s", loss.named(), outcome.readyTexts())
                        .isTrue();
            case ANY ->
                all.assertThat(outcome.namedIn(outcome.log()))
                        .as("the log names one of %s: %s", loss.named(), outcome.log())
                        .isTrue();
            case UNTOUCHED ->
                all.assertThat(outcome.ready()).as("ready meanwhile").containsExactly(200);
        }
        all.assertThat(outcome.readyAfterwards()).as("ready afterwards").isEqualTo(200);
        all.assertThat(outcome.logLinesPerSecond())
                .as("log lines per second meanwhile")
                .isLessThan(MOST_LINES_PER_SECOND);
        all.assertAll();
        assertThat(outcome.events()).isGreaterThan(100);
    }
}
