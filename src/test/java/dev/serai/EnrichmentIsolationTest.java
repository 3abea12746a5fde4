package dev.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.serai.testing.ConnectionServer;
import dev.serai.testing.ReplyTimes;
import dev.serai.testing.RunningSerai;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A source that hangs delays no event that does not use it. As in {@link IsolationTest}, two services run side by side under
 * the same load; in one of them, every tenth event has a reference to a source that never answers.
 */
class EnrichmentIsolationTest {
    /** For each of the two services. */
    private static final int PER_SECOND = 75;

    private static final int ROUNDS = 3;
    private static final int EVENTS_PER_ROUND = 2 * PER_SECOND;

    /** In the first rounds the JVM compiles; they are not measured. */
    private static final int WARM_UP_ROUNDS = 2;

    private static final int ONE_REFERENCE_IN = 10;

    /** Slower than that without any source, the machine is busy with something else, and says nothing. */
    private static final Duration KEEPS_UP = Duration.ofMillis(700);

    private static final double MOST_GROWTH = 1.2;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void sourceThatHangs_hardlyDelaysEventsThatDoNotUseIt() throws Exception {
        try (var hanging = new ConnectionServer(connection -> {
                    while (connection.readRequest()) {}
                });
                var calm = new Subject("calm", RunningSerai.withoutSources(Map.of()));
                var troubled = new Subject("hanging", hangingSource(hanging.port()))) {
            List<Subject> subjects = List.of(calm, troubled);
            publish(-WARM_UP_ROUNDS, 0, subjects);
            for (Subject subject : subjects) {
                subject.times.awaitReplies();
            }
            publish(0, ROUNDS, subjects);

            Duration undisturbed = calm.times.medianOf99thPercentiles(ROUNDS);
            Duration disturbed = troubled.times.medianOf99thPercentiles(ROUNDS);

            System.out.printf(
                    "99th percentile from publishing to reply: %d ms without a source, %d ms beside events whose source hangs"
                            + " (%d look-ups)%n",
                    undisturbed.toMillis(),
                    disturbed.toMillis(),
                    hanging.requests().size());
            assertThat(hanging.requests()).as("look-ups that hung").hasSizeGreaterThan(20);
            assumeThat(undisturbed).as("on a machine that keeps up").isLessThan(KEEPS_UP);
            assertThat(disturbed)
                    .as("beside a source that hangs, against %s without", undisturbed)
                    .isLessThanOrEqualTo(Duration.ofNanos((long) (undisturbed.toNanos() * MOST_GROWTH)));
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

    private static void publish(int firstRound, int endRound, List<Subject> subjects) {
        long start = System.nanoTime();
        int published = 0;
        for (int round = firstRound; round < endRound; round++) {
            for (int i = 0; i < EVENTS_PER_ROUND; i++) {
                for (Subject subject : subjects) {
                    subject.publish(round, i);
                    ReplyTimes.waitUntil(start
                            + ++published * Duration.ofSeconds(1).toNanos() / ((long) PER_SECOND * subjects.size()));
                }
            }
        }
    }

    /** One of the two services, with its own topics and stand-in. */
    private static final class Subject implements AutoCloseable {
        private final RunningSerai serai;
        private final ReplyTimes times;

        private Subject(String name, Map<String, String> settings) {
            Map<String, String> all = new HashMap<>(settings);
            all.put("serai.connect.max-concurrent", "64");
            serai = new RunningSerai(all);
            serai.standIn().latency(Duration.ofMillis(250), Duration.ofMillis(300));
            times = new ReplyTimes(name, serai);
        }

        /** An event with a reference is the only one of its conversation; every third of the others goes on with one. */
        private void publish(int round, int number) {
            String eventId = ReplyTimes.eventId(round, number);
            String begin = "{\"event_id\":\"" + eventId + "\",\"character_id\":\"c\"";
            if (number % ONE_REFERENCE_IN == ONE_REFERENCE_IN / 2) {
                times.publishUnmeasured("reference-" + eventId, begin + ",\"scene_ref\":\"" + eventId + "\"}");
            } else {
                times.publish(eventId, "c" + round + "-" + number % (EVENTS_PER_ROUND * 2 / 3), begin + "}");
            }
        }

        @Override
        public void close() {
            times.close();
            serai.close();
        }
    }
}
