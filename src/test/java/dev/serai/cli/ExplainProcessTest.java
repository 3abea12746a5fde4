package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Serai;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.StartEvents;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.StandIn;
import dev.serai.trial.standin.StandInOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 17: a replica is lost in the night, with a call under way; the command, as it is typed, says so. */
@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@LeftToCi
class ExplainProcessTest {
    private static final String API_KEY = "a-key-of-this-test";
    private static final Pattern ADDRESS = Pattern.compile("who waits: http://(\\S+)/observe/waiting");

    private final String suffix = "." + UUID.randomUUID();

    @Test
    void replicaThatIsLost_isNamed() throws Exception {
        try (StandIn standIn =
                        StandIn.start(StandInOptions.defaults().withPort(0).withApiKey(API_KEY));
                JavaProcess run =
                        JavaProcess.start(JavaProcess.classPath(), environment(standIn), Serai.class, "run")) {
            standIn.script(FaultScript.always(Fault.hang()).forCharacter("hangs"));
            run.awaitErrors("Ready: ");
            run.awaitErrors("who waits: ");
            Matcher address = ADDRESS.matcher(run.errors());
            assertThat(address.find()).as(run.errors()).isTrue();
            StartEvents.publish(
                    SharedBroker.bootstrapServers(),
                    "start" + suffix,
                    "caller-1",
                    "{\"event_id\":\"in-hand\",\"character_id\":\"hangs\",\"ttl_ms\":600000}");
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> standIn.calls().stream()
                    .anyMatch(call -> "hangs".equals(call.characterId())));

            run.kill();
            awaitNoMembers();
            List<String> lines = explain(standIn, "--key", "caller-1", "--at", address.group(1));

            assertThat(lines.getFirst())
                    .isEqualTo("Event in-hand was read by nobody: no service runs in the group group" + suffix
                            + "; it is the next of its partition");
            assertThat(String.join("\n", lines))
                    .contains("Not asked: " + address.group(1) + ", no service answers at")
                    .doesNotContain(API_KEY);
            assertThat(lines.getLast()).startsWith("What to do: start one with ./serai run");
        }
    }

    private List<String> explain(StandIn standIn, String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "explain";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        try (JavaProcess explain = JavaProcess.start(JavaProcess.classPath(), environment(standIn), Serai.class, all)) {
            List<String> lines = explain.readToEnd().lines().toList();
            assertThat(explain.exitCode()).as(explain.errors()).isEqualTo(ExitCode.OK);
            assertThat(explain.errors()).as("no progress line in a pipe").doesNotContain("looking through");
            return lines;
        }
    }

    /** Of a process that was killed the group hears nothing until its session is over. */
    private void awaitNoMembers() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.bootstrapServers()))) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(
                            () -> admin
                                    .describeConsumerGroups(List.of("group" + suffix))
                                    .all()
                                    .get(20, TimeUnit.SECONDS)
                                    .values()
                                    .stream()
                                    .allMatch(group -> group.members().isEmpty()));
        }
    }

    private Map<String, String> environment(StandIn standIn) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                SharedBroker.bootstrapServers(),
                "CONVAI_BASE_URL",
                standIn.baseUrl().toString(),
                "CONVAI_API_KEY",
                API_KEY,
                "SERAI_HTTP_PORT",
                "0",
                "SERAI_INSTANCE_ID",
                "explain" + suffix,
                "SERAI_KAFKA_GROUP_ID",
                "group" + suffix,
                "SERAI_CONNECT_RESPONSE_TIMEOUT",
                "2m",
                "SERAI_CONNECT_TOTAL_TIMEOUT",
                "2m"));
        environment.put("SERAI_KAFKA_START_TOPIC", "start" + suffix);
        environment.put("SERAI_KAFKA_REPLY_TOPIC", "replies" + suffix);
        environment.put("SERAI_KAFKA_DEAD_LETTER_TOPIC", "dead-letters" + suffix);
        environment.put("SERAI_KAFKA_SESSION_TOPIC", "sessions" + suffix);
        return environment;
    }
}
