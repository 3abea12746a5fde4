package dev.serai.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.gate.Gate;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LogLines;
import dev.serai.testing.RunningSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 13: a gate that holds for longer than some seconds has a line, with why and how many wait, and one when it opens. */
@BesideOthers
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class GateLogTest {
    private static final int EVENTS = 12;

    @Test
    void holdThatLasts_hasALineWithWhoWaits_andOneWhenItIsOver_withoutTheFieldsOfAnyEvent() {
        try (LogLines log = LogLines.withFields(Gate.class);
                RunningSerai serai = new RunningSerai(RunningSerai.withoutSources(Map.of()))) {
            String host = serai.standIn().baseUrl().getAuthority();
            serai.standIn().script(FaultScript.always(Fault.status(503)));
            for (int i = 0; i < EVENTS; i++) {
                serai.publish("caller-" + i, "{\"event_id\":\"e" + i + "\",\"character_id\":\"c\"}");
            }

            assertThat(awaitLines(log, host, 1))
                    .singleElement()
                    .asString()
                    .startsWith("WARN {} Tenant default at " + host
                            + ": the provider fails, it answers 503, so many in a row: ")
                    .containsPattern(
                            ", for \\d+ s now\\. One call at a time .*; waiting for their turn: ([6-9]|1[0-2])$");
            serai.standIn().clearFaults();
            for (int i = 0; i < EVENTS; i++) {
                assertThat(serai.replyTo("e" + i).path("status").asText()).isEqualTo("started");
            }

            assertThat(awaitLines(log, host, 2).getLast())
                    .startsWith("INFO {} Tenant default at " + host + ": the provider answers again, after ")
                    .containsPattern(
                            " further calls? in vain\\. Calls go on; events that were held: ([6-9]|1[0-2]), waiting for their"
                                    + " turn: \\d+$");
        }
    }

    private static List<String> awaitLines(LogLines log, String host, int lines) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> log.with(host), found -> found.size() >= lines);
    }
}
