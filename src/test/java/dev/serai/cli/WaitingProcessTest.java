package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.BesideOthers;
import dev.serai.testing.JavaProcess;
import dev.serai.testing.LeftToCi;
import dev.serai.testing.SharedBroker;
import dev.serai.testing.StartEvents;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 13: one conversation is stuck at night; its log and one command name it. */
@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(value = 400, unit = TimeUnit.SECONDS)
@LeftToCi
class WaitingProcessTest {
    @Test
    void conversationThatIsStuck_isNamedInTheLogAndByTheCommand() throws Exception {
        try (HangingService service = new HangingService()) {
            JavaProcess run = service.process;
            String topic = service.startTopic();
            String address = service.awaitAddress();
            // Older than a minute already: a publisher may keep an event's time.
            publish(
                    topic,
                    "caller-1",
                    "{\"event_id\":\"stuck\",\"character_id\":\"hangs\",\"ttl_ms\":600000}",
                    Duration.ofSeconds(90));
            publish(topic, "caller-1", "{\"event_id\":\"behind\",\"character_id\":\"c\"}", Duration.ZERO);

            run.awaitErrors("is under way, tenant default at ");
            assertThat(run.errors().lines().filter(line -> line.contains("LongWaitLog")))
                    .singleElement()
                    .asString()
                    .contains("INFO", "[stuck caller-1] The event " + topic + "-", " of tenant default is 1 min ")
                    .contains("call 1 of POST /connect is under way", "; its deadline comes in 8 min ")
                    .doesNotContain(HangingService.API_KEY);
            try (JavaProcess waiting = JavaProcess.startSerai(Map.of(), "waiting", "--at", address)) {
                assertThat(waiting.readLine()).startsWith("events held: 2, the oldest published 1 min ");
                assertThat(waiting.readLine()).isEmpty();
                assertThat(waiting.readLine()).startsWith("AGE ");
                assertThat(waiting.readLine()).contains("stuck", "caller-1", "call 1 of POST /connect is under way");
                assertThat(waiting.readLine()).contains("behind", "caller-1", "waits in its lane behind stuck (");
                assertThat(waiting.exitCode()).isEqualTo(ExitCode.OK);
            }
        }
    }

    private static void publish(String topic, String key, String event, Duration ago) throws Exception {
        long time = System.currentTimeMillis() - ago.toMillis();
        StartEvents.publish(
                SharedBroker.bootstrapServers(),
                new ProducerRecord<>(topic, null, time, key.getBytes(UTF_8), event.getBytes(UTF_8)));
    }
}
