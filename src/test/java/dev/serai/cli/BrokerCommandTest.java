package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In processes of their own, as a user starts them; without its libraries in {@link RunCommandTest}. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
@LeftToCi
class BrokerCommandTest {
    @TempDir
    Path directory;

    @Test
    void broker_printsItsAddressOnceTheTopicsExist_keepsItsDirectory_andStartsAgainAfterItWasKilled() throws Exception {
        try (var broker = start()) {
            assertTopicsExist(address(broker));
            try (var second = start()) {
                assertThat(second.exitCode()).isEqualTo(ExitCode.FAILED);
                assertThat(second.errors())
                        .contains("in use by another embedded broker")
                        .doesNotContain("\tat ");
            }
            broker.kill();
            broker.exitCode();
        }
        try (var broker = start()) {
            assertTopicsExist(address(broker));

            broker.terminate();

            assertThat(broker.exitCode()).isEqualTo(143);
            assertThat(broker.errors()).contains("stopped");
            assertThat(directory.resolve("data").resolve(".kafka_cleanshutdown"))
                    .exists();
        }
    }

    @Test
    void broker_closesInOrderOnSigterm() throws Exception {
        try (var broker = start()) {
            address(broker);
            broker.terminate();

            assertThat(broker.exitCode()).isEqualTo(143);
            assertThat(broker.errors()).contains("stopped").doesNotContain(" WARN ", " ERROR ");
            assertThat(directory.resolve("data").resolve(".kafka_cleanshutdown"))
                    .exists();
        }
    }

    private JavaProcess start() {
        String data = directory.resolve("data").toString();
        return JavaProcess.startSerai(
                Map.of(), "broker", "--port", "0", "--set", "serai.kafka.partitions=2", "--data-dir", data);
    }

    private static String address(JavaProcess broker) throws Exception {
        String line = broker.readLine();
        assertThat(line).matches("KAFKA_BOOTSTRAP_SERVERS=127\\.0\\.0\\.1:\\d+");
        return line.substring(line.indexOf('=') + 1);
    }

    private static void assertTopicsExist(String address) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", address))) {
            assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS))
                    .containsExactlyInAnyOrder(
                            "conversation.dead-letters",
                            "conversation.replies",
                            "conversation.sessions",
                            "conversation.start");
        }
    }
}
