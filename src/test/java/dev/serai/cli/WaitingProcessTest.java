package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 13: one conversation is stuck at night; its log and one command name it. */
@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@LeftToCi
class WaitingProcessTest {
    private static final String KEY = "a-key-of-this-test";
    private static final Pattern ADDRESS = Pattern.compile("who waits: http://(\\S+)/observe/waiting");

    private final String suffix = "." + UUID.randomUUID();

    @Test
    void conversationThatIsStuck_isNamedInTheLogAndByTheCommand() throws Exception {
        try (StandIn standIn =
                        StandIn.start(StandInOptions.defaults().withPort(0).withApiKey(KEY));
                JavaProcess run =
                        JavaProcess.start(JavaProcess.classPath(), environment(standIn), Serai.class, "run")) {
            standIn.script(FaultScript.always(Fault.hang()).forCharacter("hangs"));
            String address = address(run);
            // Older than a minute already: a publisher may keep an event's time.
            publish(
                    "caller-1",
                    "{\"event_id\":\"stuck\",\"character_id\":\"hangs\",\"ttl_ms\":600000}",
                    Duration.ofSeconds(90));
            publish("caller-1", "{\"event_id\":\"behind\",\"character_id\":\"c\"}", Duration.ZERO);

            run.awaitErrors("is under way, tenant default at ");
            assertThat(run.errors().lines().filter(line -> line.contains("LongWaitLog")))
                    .singleElement()
                    .asString()
                    .contains("INFO", "[stuck caller-1] The event start" + suffix + "-", " of tenant default is 1 min ")
                    .contains("call 1 of POST /connect is under way", "; its deadline comes in 8 min ")
                    .doesNotContain(KEY);
            try (JavaProcess waiting =
                    JavaProcess.start(JavaProcess.classPath(), Map.of(), Serai.class, "waiting", "--at", address)) {
                assertThat(waiting.readLine()).startsWith("events held: 2, the oldest published 1 min ");
                assertThat(waiting.readLine()).isEmpty();
                assertThat(waiting.readLine()).startsWith("AGE ");
                assertThat(waiting.readLine()).contains("stuck", "caller-1", "call 1 of POST /connect is under way");
                assertThat(waiting.readLine()).contains("behind", "caller-1", "waits in its lane behind stuck (");
                assertThat(waiting.exitCode()).isEqualTo(ExitCode.OK);
            }
            run.kill();
        }
    }

    private Map<String, String> environment(StandIn standIn) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                SharedBroker.bootstrapServers(),
                "CONVAI_BASE_URL",
                standIn.baseUrl().toString(),
                "CONVAI_API_KEY",
                KEY,
                "SERAI_HTTP_PORT",
                "0",
                "SERAI_INSTANCE_ID",
                "waiting" + suffix,
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

    private static String address(JavaProcess run) {
        run.awaitErrors("Ready: ");
        run.awaitErrors("who waits: ");
        Matcher address = ADDRESS.matcher(run.errors());
        assertThat(address.find()).as(run.errors()).isTrue();
        return address.group(1);
    }

    private void publish(String key, String event, Duration ago) throws Exception {
        long time = System.currentTimeMillis() - ago.toMillis();
        StartEvents.publish(
                SharedBroker.bootstrapServers(),
                new ProducerRecord<>("start" + suffix, null, time, key.getBytes(UTF_8), event.getBytes(UTF_8)));
    }
}
