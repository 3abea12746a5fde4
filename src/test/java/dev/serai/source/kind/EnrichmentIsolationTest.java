package dev.serai.source.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.ConnectionServer;
import dev.serai.testing.ReplyTimes;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.SideBySide;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A source that hangs delays no event that does not use it. As in the engine's {@code IsolationTest}, two services run side by
 * side under the same load; in one of them, every tenth event has a reference to a source that never answers.
 */
@Tag("chaos-long")
@Isolated("it measures")
class EnrichmentIsolationTest {
    /** For each of the two services. */
    private static final int PER_SECOND = 75;

    private static final int EVENTS_PER_ROUND = 2 * PER_SECOND;

    private static final int ONE_REFERENCE_IN = 10;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void sourceThatHangs_hardlyDelaysEventsThatDoNotUseIt() throws Exception {
        try (var hanging = new ConnectionServer(connection -> {
                    while (connection.readRequest()) {}
                });
                var calm = service("calm", RunningSerai.withoutSources(Map.of()));
                var troubled = service("hanging", hangingSource(hanging.port()))) {

            new SideBySide(calm, troubled, PER_SECOND, EVENTS_PER_ROUND).assertTroubleHardlyDelaysOthers();

            assertThat(hanging.requests()).as("look-ups that hung").hasSizeGreaterThan(20);
        }
    }

    private static Map<String, String> hangingSource(int port) {
        Map<String, String> settings = new HashMap<>();
        settings.put("serai.sources.hanging.type", "http");
        settings.put("serai.sources.hanging.base-url", "http://127.0.0.1:" + port);
        settings.put("serai.sources.hanging.timeout", "1s");
        // It would be left alone for longer otherwise, which is easier to bear.
        settings.put("serai.sources.hanging.breaker-pause", "100ms");
        settings.put("serai.enrich.scene-source", "hanging");
        settings.put("serai.enrich.dynamic-info-source", "none");
        return settings;
    }

    private static SideBySide.Service service(String name, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("serai.connect.max-concurrent", "64");
        RunningSerai serai = new RunningSerai(all);
        serai.standIn().latency(Duration.ofMillis(250), Duration.ofMillis(300));
        return new SideBySide.Service(name, serai, EnrichmentIsolationTest::publish);
    }

    /** An event with a reference is the only one of its conversation; every third of the others goes on with one. */
    private static void publish(ReplyTimes times, int round, int number) {
        String eventId = ReplyTimes.eventId(round, number);
        String begin = "{\"event_id\":\"" + eventId + "\",\"character_id\":\"c\"";
        if (number % ONE_REFERENCE_IN == ONE_REFERENCE_IN / 2) {
            times.publishUnmeasured("reference-" + eventId, begin + ",\"scene_ref\":\"" + eventId + "\"}");
        } else {
            times.publish(eventId, "c" + round + "-" + number % (EVENTS_PER_ROUND * 2 / 3), begin + "}");
        }
    }
}
