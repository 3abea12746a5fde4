package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.StartEvents;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 17: a replica is lost in the night, with a call under way; the command, as it is typed, says so. */
@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(value = 400, unit = TimeUnit.SECONDS)
@LeftToCi
class ExplainProcessTest {
    @Test
    void replicaThatIsLost_isNamed() throws Exception {
        try (HangingService service = new HangingService()) {
            String address = service.awaitAddress();
            StartEvents.publish(
                    SharedBroker.bootstrapServers(),
                    service.startTopic(),
                    "caller-1",
                    "{\"event_id\":\"in-hand\",\"character_id\":\"hangs\",\"ttl_ms\":600000}");
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> service.standIn.calls().stream()
                    .anyMatch(call -> "hangs".equals(call.characterId())));

            service.process.kill();
            awaitNoMembers(service.group());
            List<String> lines = explain(service, "--key", "caller-1", "--at", address);

            assertThat(lines.getFirst())
                    .isEqualTo("Event in-hand was read by nobody: no service runs in the group " + service.group()
                            + "; it is the next of its partition");
            assertThat(String.join("\n", lines))
                    .contains("Not asked: " + address + ", no service answers at")
                    .doesNotContain(HangingService.API_KEY);
            assertThat(lines.getLast()).startsWith("What to do: start one with ./serai run");
        }
    }

    private static List<String> explain(HangingService service, String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "explain";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        try (JavaProcess explain = JavaProcess.startSerai(service.environment(), all)) {
            List<String> lines = explain.readToEnd().lines().toList();
            assertThat(explain.exitCode()).as(explain.errors()).isEqualTo(ExitCode.OK);
            assertThat(explain.errors()).as("no progress line in a pipe").doesNotContain("looking through");
            return lines;
        }
    }

    /** Of a process that was killed the group hears nothing until its session is over. */
    private static void awaitNoMembers(String group) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.bootstrapServers()))) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() ->
                            admin
                                    .describeConsumerGroups(List.of(group))
                                    .all()
                                    .get(20, TimeUnit.SECONDS)
                                    .values()
                                    .stream()
                                    .allMatch(known -> known.members().isEmpty()));
        }
    }
}
