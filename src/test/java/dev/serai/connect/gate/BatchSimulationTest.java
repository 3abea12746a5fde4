package dev.serai.connect.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.answer.CallOutcome;
import dev.serai.connect.gate.Simulation.Ended;
import dev.serai.wire.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Issue 17, live callers before batches: the same 50 callers with and without a batch that could use every slot of the plan, in a
 * time of its own. The seed is each case's name.
 */
@Timeout(120)
class BatchSimulationTest {
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration LONGEST_SESSION = Duration.ofSeconds(20);
    private static final Duration HAND_OVER = LONGEST_SESSION.plusSeconds(1);
    private static final int CALLERS = 50;
    private static final int BATCH = 400;
    private static final int SLOTS = 6;
    private static final GateRules RULES = Simulation.RULES;

    static LongStream seeds() {
        return new Random().longs(20);
    }

    /** The 95th percentile of how long callers waited for their rooms, and when the last event of the batch had its own. */
    private record Outcome(Duration waited, Duration batchDone) {}

    private static Outcome play(long seed, int batch, int reserve) {
        Random random = new Random(seed);
        int[] taken = {0};
        Simulation simulation = new Simulation(
                RULES,
                (event, nanos) -> {
                    if (taken[0] == SLOTS) {
                        return Outcomes.busy(null);
                    }
                    taken[0]++;
                    return Outcomes.connected();
                },
                new Random(seed));
        long[] open = {0};
        simulation.gate().boundSessions(new SessionRules(SLOTS, IDLE, reserve), () -> open[0]);
        simulation.onRoom(permit -> {
            open[0]++;
            simulation.gate().roomSettled(permit);
            simulation.in(Duration.ofMillis(5_000 + random.nextInt(15_000)), () -> {
                taken[0]--;
                open[0]--;
                simulation.gate().slotFreed();
            });
        });
        Random arrivals = new Random(seed);
        long[] arrivedNanos = new long[CALLERS];
        for (int caller = 0; caller < CALLERS; caller++) {
            // Three of the slots are in use at the mean.
            Duration at = Duration.ofMillis(30_000 + caller * 4_200L + arrivals.nextInt(4_000));
            arrivedNanos[caller] = at.toNanos();
            simulation.arrives(caller, at, Duration.ofHours(2));
        }
        for (int event = 0; event < batch; event++) {
            simulation.arrives(CALLERS + event, Priority.BATCH, Duration.ofMillis(event), Duration.ofHours(10));
        }

        simulation.run(Duration.ofHours(11));

        assertThat(simulation.ended()).hasSize(CALLERS + batch).allMatch(Ended::connected);
        assertThat(simulation.calls()).noneMatch(call -> call.outcome() instanceof CallOutcome.Busy);
        List<Long> waited = simulation.ended().stream()
                .filter(end -> end.event() < CALLERS)
                .map(end -> end.atNanos() - arrivedNanos[end.event()])
                .sorted()
                .toList();
        return new Outcome(
                Duration.ofNanos(waited.get(waited.size() * 95 / 100)),
                Duration.ofNanos(simulation.ended().stream()
                        .mapToLong(Ended::atNanos)
                        .max()
                        .orElseThrow()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void batchThatCouldUseEverySlot_costsALiveCallerAtMostOneHandOver_andNothingWithAReserve(long seed) {
        Outcome alone = play(seed, 0, 0);
        Outcome beside = play(seed, BATCH, 0);
        Outcome reserved = play(seed, BATCH, 5);

        System.out.printf(
                "BatchSimulationTest: callers' 95th percentile alone %d ms, beside a batch %d ms (done after %d s), with a reserve"
                        + " %d ms (%d s)%n",
                alone.waited().toMillis(),
                beside.waited().toMillis(),
                beside.batchDone().toSeconds(),
                reserved.waited().toMillis(),
                reserved.batchDone().toSeconds());
        assertThat(beside.waited()).isLessThanOrEqualTo(alone.waited().plus(HAND_OVER));
        assertThat(reserved.waited()).isLessThanOrEqualTo(alone.waited().plusMillis(700));
    }
}
