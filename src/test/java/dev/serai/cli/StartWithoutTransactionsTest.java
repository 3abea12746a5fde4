package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.trial.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that answers, and has nowhere to keep transactions. */
@BesideOthers
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@LeftToCi
class StartWithoutTransactionsTest {
    @TempDir
    private Path directory;

    @Test
    void startThatCannotBeginATransaction_saysWhatIsMissing_andEndsAtOnceWhenItIsToldTo() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(
                        directory.resolve("broker"), 0, Map.of("transaction.state.log.replication.factor", "3"));
                JavaProcess run = JavaProcess.startSerai(
                        Map.of(
                                "KAFKA_BOOTSTRAP_SERVERS",
                                broker.bootstrapServers(),
                                "SERAI_CONNECT_STAND_IN",
                                "true",
                                "SERAI_HTTP_PORT",
                                "0"),
                        "run")) {
            run.awaitErrors("__transaction_state");

            long asked = System.nanoTime();
            run.terminate();

            assertThat(run.exitCode()).as(run.errors()).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(30));
            assertThat(run.errors())
                    .contains("transaction.state.log.replication.factor", "Stopped during the start")
                    .doesNotContain("ending anyway", "Kafka does not answer", "\tat ");
        }
    }
}
