package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.SharedBroker;
import dev.serai.wire.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code serai prove} as it is run: processes that it starts, kills and removes, and topics that it leaves no trace of. */
@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(value = 240, unit = TimeUnit.SECONDS)
@LeftToCi
class ProveProcessTest {
    private final String prefix = "prove-" + UUID.randomUUID().toString().substring(0, 8);

    @AutoClose
    private final Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.bootstrapServers()));

    @Test
    void promises_hold_andNothingIsLeft() throws Exception {
        try (JavaProcess prove = prove("--events", "60", "--kills", "1", "--freezes", "0", "--seed", "7", "--json")) {
            String out = prove.readToEnd();

            assertThat(prove.exitCode()).as(prove.errors() + out).isEqualTo(ExitCode.OK);
            JsonNode proof = Json.MAPPER.readTree(out);
            assertThat(proof.path("held").asBoolean()).isTrue();
            assertThat(proof.path("seed").asInt()).isEqualTo(7);
            assertThat(proof.path("events").asInt()).isEqualTo(60);
            assertThat(proof.path("replies").asInt()).isEqualTo(60);
            assertThat(proof.path("dead_letters").asInt()).isEqualTo(4);
            assertThat(proof.path("kills").asInt()).isEqualTo(1);
            assertThat(proof.path("secrets_looked_for").asInt()).isGreaterThan(100);
            assertThat(proof.path("promises")).hasSize(10);
            assertThat(proof.path("not_deleted")).isEmpty();
            assertThat(prove.errors())
                    .contains("--seed 7", "killed replica-", "replicas are ready")
                    .doesNotContain("\r");
            awaitNothingLeft();
        }
    }

    @Test
    void interrupted_removesWhatItHas() throws Exception {
        try (JavaProcess prove = prove("--events", "20000", "--minutes", "60")) {
            prove.awaitErrors("replicas are ready");
            List<ProcessHandle> replicas = prove.children();
            assertThat(replicas).hasSize(2);

            prove.interrupt();

            assertThat(prove.exitCode()).as(prove.errors()).isEqualTo(130);
            assertThat(prove.errors())
                    .contains("stopped: nothing was proven")
                    .doesNotContain("\tat ", "could not be deleted");
            assertThat(replicas).noneMatch(ProcessHandle::isAlive);
            awaitNothingLeft();
        }
    }

    private JavaProcess prove(String... arguments) {
        return JavaProcess.startSerai(
                Map.of("KAFKA_BOOTSTRAP_SERVERS", SharedBroker.bootstrapServers(), "CONVAI_API_KEY", "of-the-user"),
                Stream.concat(Stream.of("prove", "--prefix", prefix), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private void awaitNothingLeft() {
        await("the end of topics and group")
                .atMost(Duration.ofSeconds(20))
                .until(() -> admin.listTopics().names().get().stream().noneMatch(name -> name.startsWith(prefix))
                        && admin.listGroups().all().get().stream()
                                .noneMatch(group -> group.groupId().startsWith(prefix)));
    }
}
