package dev.serai.connect.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.answer.CallOutcome;
import dev.serai.connect.gate.Simulation.Call;
import dev.serai.connect.gate.Simulation.Ended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hours before the gate, in a time of its own. The seed is each case's name. */
@Timeout(120)
class GateSimulationTest {
    private static final Duration LATENCY = Simulation.LATENCY;
    private static final GateRules RULES = Simulation.RULES;

    static LongStream seeds() {
        return new Random().longs(200);
    }

    /** A plan of so many sessions, each held for so long. */
    private static final class Plan implements Simulation.Provider {
        private final int most;
        private final long heldNanos;
        private final List<Long> freeAt = new ArrayList<>();
        private final List<Long> freed = new ArrayList<>();

        Plan(int most, Duration held) {
            this.most = most;
            heldNanos = held.toNanos();
        }

        @Override
        public CallOutcome answer(int event, long now) {
            freeAt.removeIf(at -> at <= now);
            if (freeAt.size() == most) {
                return Outcomes.busy(null);
            }
            freeAt.add(now + heldNanos);
            freed.add(now + heldNanos);
            return Outcomes.connected();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void smallPlan_isUsedUp_withoutAFlood(long seed) {
        Plan plan = new Plan(3, Duration.ofSeconds(60));
        Simulation simulation = new Simulation(RULES, plan, new Random(seed));
        for (int event = 0; event < 200; event++) {
            simulation.arrives(event, Duration.ZERO, Duration.ofMinutes(2));
        }

        simulation.run(Duration.ofMinutes(5));

        List<Call> busy = simulation.calls().stream()
                .filter(call -> call.outcome() instanceof CallOutcome.Busy)
                .toList();
        assertThat(simulation.ended()).as("answered or expired").hasSize(200);
        assertThat(simulation.ended())
                .as("on time")
                .allMatch(end -> end.atNanos() <= end.deadlineNanos() + LATENCY.toNanos());
        assertThat(simulation.ended().stream().filter(Ended::connected)).hasSize(6);
        assertThat(busy).as("answers of 429 in two minutes").hasSizeLessThanOrEqualTo(30);
        for (long free : plan.freed.subList(0, 3)) {
            assertThat(plan.freed.stream().map(at -> at - plan.heldNanos))
                    .as("taken again within 5 s")
                    .anyMatch(taken -> taken >= free && taken <= free + TimeUnit.SECONDS.toNanos(5));
        }
        for (Call call : busy) {
            assertThat(busy.stream().filter(other -> overlap(other, call)))
                    .as("calls that find out together")
                    .hasSizeLessThanOrEqualTo(call.begunNanos() < LATENCY.toNanos() * 2 ? RULES.maxConcurrent() : 2);
        }
    }

    private static boolean overlap(Call one, Call other) {
        return one.begunNanos() < other.answeredNanos() && one.answeredNanos() > other.begunNanos();
    }
}
