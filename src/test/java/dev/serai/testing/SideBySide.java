package dev.serai.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Two services under the same load, event by event in turn, so that whatever else happens on the machine happens to both:
 * one that is calm, and one with a trouble that should not show in the times of the events without it. Compared are the
 * medians of the rounds' 99th percentiles from publishing to reply. For one thread.
 *
 * <p>Few events fit into a build's time, and their slowest are a matter of luck: what exceeds the bound is measured again,
 * twice at most. A trouble that does delay others does so each time.
 */
public final class SideBySide {
    private static final int MEASUREMENTS = 3;
    private static final int ROUNDS = 3;

    /** In the first rounds the JVM compiles; they are not measured. */
    private static final int WARM_UP_ROUNDS = 2;

    private static final double MOST_GROWTH = 1.2;

    /** Slower than that without trouble, the machine is busy with something else, and says nothing. */
    private static final Duration KEEPS_UP = Duration.ofSeconds(1);

    /** Publishes an event. Which one it is, and whether it has the trouble, is the same for both services. */
    @FunctionalInterface
    public interface Load {
        void publish(ReplyTimes times, int round, int number);
    }

    /** One of the two services, with its own topics and stand-in. */
    public record Service(RunningSerai serai, ReplyTimes times, Load load) implements AutoCloseable {
        /** @param name of its reader's thread */
        public Service(String name, RunningSerai serai, Load load) {
            this(serai, new ReplyTimes(name, serai), load);
        }

        void publish(int round, int number) {
            load.publish(times, round, number);
        }

        @Override
        public void close() {
            times.close();
            serai.close();
        }
    }

    private record Percentiles(Duration calm, Duration troubled) {
        boolean isGood() {
            return troubled.toNanos() <= calm.toNanos() * MOST_GROWTH;
        }

        @Override
        public String toString() {
            return "99th percentile from publishing to reply: %d ms calm, %d ms beside trouble"
                    .formatted(calm.toMillis(), troubled.toMillis());
        }
    }

    private final Service calm;
    private final Service troubled;
    private final int perSecond;
    private final int eventsPerRound;

    /** @param perSecond events for each of the two services */
    public SideBySide(Service calm, Service troubled, int perSecond, int eventsPerRound) {
        this.calm = calm;
        this.troubled = troubled;
        this.perSecond = perSecond;
        this.eventsPerRound = eventsPerRound;
    }

    /** Asserts that the trouble makes others at most a fifth slower; skips the test on a machine that does not keep up. */
    public void assertTroubleHardlyDelaysOthers() throws InterruptedException, ExecutionException {
        publish(-WARM_UP_ROUNDS, 0);
        calm.times().awaitReplies();
        troubled.times().awaitReplies();
        List<Percentiles> measured = new ArrayList<>();
        for (int measurement = 0; measurement < MEASUREMENTS; measurement++) {
            int first = measurement * ROUNDS;
            publish(first, first + ROUNDS);
            Percentiles percentiles = new Percentiles(
                    calm.times().medianOf99thPercentiles(first, ROUNDS),
                    troubled.times().medianOf99thPercentiles(first, ROUNDS));
            System.out.println(percentiles);
            measured.add(percentiles);
            if (percentiles.isGood()) {
                return;
            }
        }
        assumeThat(measured)
                .as("on a machine that keeps up")
                .anyMatch(each -> each.calm().compareTo(KEEPS_UP) < 0);
        assertThat(measured)
                .as("at most %s times as slow beside trouble", MOST_GROWTH)
                .anyMatch(Percentiles::isGood);
    }

    private void publish(int firstRound, int endRound) {
        Pace pace = Pace.perSecond(2 * perSecond);
        for (int round = firstRound; round < endRound; round++) {
            for (int number = 0; number < eventsPerRound; number++) {
                pace.awaitTurn();
                calm.publish(round, number);
                pace.awaitTurn();
                troubled.publish(round, number);
            }
        }
    }
}
