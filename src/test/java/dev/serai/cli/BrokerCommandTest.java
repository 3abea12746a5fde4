package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Serai;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In processes of their own, as a user starts them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@BesideOthers
@Order(BesideOthers.LONG)
class BrokerCommandTest {
    @TempDir
    Path directory;

    @Test
    void broker_printsItsAddressOnceTheTopicsExistAndKeepsItsDirectory() throws Exception {
        try (var broker = start(JavaProcess.classPath())) {
            assertThat(topics(address(broker)))
                    .containsExactly(
                            "conversation.dead-letters",
                            "conversation.replies",
                            "conversation.sessions",
                            "conversation.start");
            try (var second = start(JavaProcess.classPath())) {
                assertThat(second.exitCode()).isEqualTo(ExitCode.FAILED);
                assertThat(second.errors())
                        .contains("in use by another embedded broker")
                        .doesNotContain("\tat ");
            }
        }
    }

    @Test
    void broker_closesInOrderOnSigterm() throws Exception {
        try (var broker = start(JavaProcess.classPath())) {
            address(broker);
            broker.terminate();

            assertThat(broker.exitCode()).isEqualTo(143);
            assertThat(broker.errors()).contains("stopped").doesNotContain(" WARN ", " ERROR ");
            assertThat(directory.resolve("data").resolve(".kafka_cleanshutdown"))
                    .exists();
        }
    }

    @Test
    void broker_startsAgainAfterItWasKilled() throws Exception {
        try (var killed = start(JavaProcess.classPath())) {
            address(killed);
            killed.kill();
            killed.exitCode();
        }
        try (var broker = start(JavaProcess.classPath())) {
            assertThat(topics(address(broker))).contains("conversation.start");
        }
    }

    @Test
    void broker_withoutItsLibrariesSaysSo() throws Exception {
        String classPath = Arrays.stream(JavaProcess.classPath().split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).getFileName().toString().matches("(kafka[_-](?!clients)|scala-).*"))
                .collect(Collectors.joining(File.pathSeparator));

        try (var broker = start(classPath)) {
            assertThat(broker.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(broker.errors())
                    .contains("lib-embedded", "KAFKA_BOOTSTRAP_SERVERS")
                    .doesNotContain("\tat ");
        }
    }

    private JavaProcess start(String classPath) {
        String data = directory.resolve("data").toString();
        return JavaProcess.start(
                classPath,
                Serai.class,
                "broker",
                "--port",
                "0",
                "--set",
                "serai.kafka.partitions=2",
                "--data-dir",
                data);
    }

    private static String address(JavaProcess broker) throws Exception {
        String line = broker.readLine();
        assertThat(line).matches("KAFKA_BOOTSTRAP_SERVERS=127\\.0\\.0\\.1:\\d+");
        return line.substring(line.indexOf('=') + 1);
    }

    private static Iterable<String> topics(String address) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", address))) {
            return admin.listTopics().names().get(20, TimeUnit.SECONDS).stream()
                    .sorted()
                    .toList();
        }
    }
}
