package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Kafka that takes connections and says nothing: whoever stops the service then does not wait for its answers. */
@BesideOthers
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@LeftToCi
class StopDuringStartTest {
    /** Of 30 s that it would wait for topics; two are promised, and machines stand still now and then. */
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    /** The first connection looks what the port speaks, the second asks for topics. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void startThatWaitsForTopics_endsAtOnceWhenItIsToldTo(int connections) throws Exception {
        List<Socket> mute = new ArrayList<>();
        try (ServerSocket kafka = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                JavaProcess run = JavaProcess.startSerai(
                        Map.of(
                                "KAFKA_BOOTSTRAP_SERVERS",
                                "127.0.0.1:" + kafka.getLocalPort(),
                                "SERAI_CONNECT_STAND_IN",
                                "true",
                                "SERAI_HTTP_PORT",
                                "0"),
                        "run")) {
            for (int connection = 0; connection < connections; connection++) {
                mute.add(kafka.accept());
            }

            long asked = System.nanoTime();
            run.terminate();

            assertThat(run.exitCode()).as(run.errors()).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(AT_ONCE);
            assertThat(run.errors())
                    .contains("Stopped during the start: no event was taken")
                    .doesNotContain("ending anyway", "\tat ");
        } finally {
            for (Socket socket : mute) {
                socket.close();
            }
        }
    }
}
