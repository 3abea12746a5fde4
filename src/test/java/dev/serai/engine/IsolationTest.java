package dev.serai.engine;

import dev.serai.testing.ReplyTimes;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SideBySide;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A stuck conversation delays no other. Two services run side by side under the same load, event by event in turn, so that
 * whatever else happens on the machine happens to both; for one of them, 1% of the conversations get no answer from the
 * provider for ten seconds. Measured is the time from publishing an event until a {@code read_committed} reader has its
 * reply, for all but the stuck conversations.
 */
@Tag("chaos-long")
@Isolated("it measures")
class IsolationTest {
    private static final Duration STUCK_FOR = Duration.ofSeconds(10);

    /** For each of the two services. */
    private static final int PER_SECOND = 50;

    private static final int EVENTS_PER_ROUND = 3 * PER_SECOND;

    private static final int ONE_STUCK_IN = 100;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void stuckConversations_hardlyDelayTheOthers() throws Exception {
        try (var calm = service("calm");
                var troubled = service("stuck")) {
            troubled.serai()
                    .standIn()
                    .script(FaultScript.always(Fault.delay(STUCK_FOR, STUCK_FOR))
                            .forCharacter("slow"));

            new SideBySide(calm, troubled, PER_SECOND, EVENTS_PER_ROUND).assertTroubleHardlyDelaysOthers();
        }
    }

    private static SideBySide.Service service(String name) {
        RunningSerai serai = new RunningSerai(RunningSerai.withoutSources(Map.of(
                "serai.connect.response-timeout", "30s",
                "serai.connect.total-timeout", "1m",
                // A stuck call is one of the calls that may be made at once: there must be more of these than
                // of those.
                "serai.connect.max-concurrent", "64")));
        serai.standIn().latency(Duration.ofMillis(250), Duration.ofMillis(300));
        return new SideBySide.Service(name, serai, IsolationTest::publish);
    }

    /** A stuck event is the only one of its conversation; every third of the others goes on with an earlier one. */
    private static void publish(ReplyTimes times, int round, int number) {
        boolean stuck = number % ONE_STUCK_IN == ONE_STUCK_IN / 2;
        String eventId = ReplyTimes.eventId(round, number);
        String event = "{\"event_id\":\"" + eventId + "\",\"character_id\":\"" + (stuck ? "slow" : "quick") + "\"}";
        if (stuck) {
            times.publishUnmeasured("stuck-" + eventId, event);
        } else {
            times.publish(eventId, "c" + round + "-" + number % (EVENTS_PER_ROUND * 2 / 3), event);
        }
    }
}
