package dev.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.serai.standin.Fault;
import dev.serai.standin.FaultScript;
import dev.serai.testing.ReplyTimes;
import dev.serai.testing.RunningSerai;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A stuck conversation delays no other. Two services run side by side under the same load, event by event in turn, so that
 * whatever else happens on the machine happens to both; for one of them, 1% of the conversations get no answer from the
 * provider for ten seconds. Measured is the time from publishing an event until a {@code read_committed} reader has its
 * reply, for all but the stuck conversations.
 */
class IsolationTest {
    private static final Duration STUCK_FOR = Duration.ofSeconds(10);

    /** For each of the two services. */
    private static final int PER_SECOND = 50;

    /** The median of so many 99th percentiles, each of as many events as three seconds bring, is compared. */
    private static final int ROUNDS = 3;

    private static final int EVENTS_PER_ROUND = 3 * PER_SECOND;

    /** In the first rounds the JVM compiles; they are not measured. */
    private static final int WARM_UP_ROUNDS = 2;

    private static final int ONE_STUCK_IN = 100;

    /** Slower than that without any stuck conversation, the machine is busy with something else, and says nothing. */
    private static final Duration KEEPS_UP = Duration.ofSeconds(1);

    private static final double MOST_GROWTH = 1.2;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void stuckConversations_hardlyDelayTheOthers() throws Exception {
        try (var calm = new Subject("calm");
                var troubled = new Subject("stuck")) {
            troubled.serai
                    .standIn()
                    .script(FaultScript.always(Fault.delay(STUCK_FOR, STUCK_FOR))
                            .forCharacter("slow"));
            List<Subject> subjects = List.of(calm, troubled);
            publish(-WARM_UP_ROUNDS, 0, subjects);
            for (Subject subject : subjects) {
                subject.times.awaitReplies();
            }
            publish(0, ROUNDS, subjects);

            Duration undisturbed = calm.times.medianOf99thPercentiles(ROUNDS);
            Duration disturbed = troubled.times.medianOf99thPercentiles(ROUNDS);

            System.out.printf(
                    "99th percentile from publishing to reply: %d ms without stuck conversations, %d ms beside 1%% stuck%n",
                    undisturbed.toMillis(), disturbed.toMillis());
            assumeThat(undisturbed).as("on a machine that keeps up").isLessThan(KEEPS_UP);
            assertThat(disturbed)
                    .as("beside stuck conversations, against %s without", undisturbed)
                    .isLessThanOrEqualTo(Duration.ofNanos((long) (undisturbed.toNanos() * MOST_GROWTH)));
        }
    }

    private static void publish(int firstRound, int endRound, List<Subject> subjects) {
        long start = System.nanoTime();
        int published = 0;
        for (int round = firstRound; round < endRound; round++) {
            for (int i = 0; i < EVENTS_PER_ROUND; i++) {
                boolean stuck = i % ONE_STUCK_IN == ONE_STUCK_IN / 2;
                for (Subject subject : subjects) {
                    subject.publish(round, i, stuck);
                    ReplyTimes.waitUntil(start
                            + ++published * Duration.ofSeconds(1).toNanos() / ((long) PER_SECOND * subjects.size()));
                }
            }
        }
    }

    /** One of the two services, with its own topics and stand-in. */
    private static final class Subject implements AutoCloseable {
        private final RunningSerai serai = new RunningSerai(RunningSerai.withoutSources(Map.of(
                "serai.connect.response-timeout", "30s",
                "serai.connect.total-timeout", "1m",
                // A stuck call is one of the calls that may be made at once: there must be more of these than
                // of those.
                "serai.connect.max-concurrent", "64")));
        private final ReplyTimes times;

        private Subject(String name) {
            serai.standIn().latency(Duration.ofMillis(250), Duration.ofMillis(300));
            times = new ReplyTimes(name, serai);
        }

        /** A stuck event is the only one of its conversation; every third of the others goes on with an earlier one. */
        private void publish(int round, int number, boolean stuck) {
            String eventId = ReplyTimes.eventId(round, number);
            String event = "{\"event_id\":\"" + eventId + "\",\"character_id\":\"" + (stuck ? "slow" : "quick") + "\"}";
            if (stuck) {
                times.publishUnmeasured("stuck-" + eventId, event);
            } else {
                times.publish(eventId, "c" + round + "-" + number % (EVENTS_PER_ROUND * 2 / 3), event);
            }
        }

        @Override
        public void close() {
            times.close();
            serai.close();
        }
    }
}
