package dev.serai.connect.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.answer.CallOutcome;
import dev.serai.connect.gate.Simulation.Call;
import dev.serai.connect.gate.Simulation.Ended;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Issue 15, slots: a plan of a few sessions that this service alone opens, hours of it in a time of its own. The seed is each
 * case's name.
 */
@Timeout(120)
class SlotsSimulationTest {
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final GateRules RULES = Simulation.RULES;

    static LongStream seeds() {
        return new Random().longs(200);
    }

    /** The provider's count of slots, and this service's, which learns of everything a little later. */
    private static final class Plan implements Simulation.Provider {
        private final int most;
        private final Random random;
        private int taken;
        private int highest;
        private long knownOpen;

        Plan(int most, Random random) {
            this.most = most;
            this.random = random;
        }

        @Override
        public CallOutcome answer(int event, long nanos) {
            int what = random.nextInt(20);
            if (what == 0) {
                return Outcomes.unavailable(500, null);
            }
            if (what == 1) {
                return Outcomes.rejected();
            }
            if (taken == most) {
                return Outcomes.busy(null);
            }
            taken++;
            highest = Math.max(highest, taken);
            return Outcomes.connected();
        }

        @Override
        public Duration latency(int event, long nanos) {
            return Duration.ofMillis(100 + random.nextInt(200));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void planThatIsKnown_isUsedWhole_andNothingIsAnswered429(long seed) {
        Random random = new Random(seed);
        int most = 1 + random.nextInt(5);
        Plan plan = new Plan(most, random);
        Simulation simulation = new Simulation(RULES, plan, random);
        simulation.gate().boundSessions(new SessionRules(most, IDLE), () -> plan.knownOpen);
        simulation.onRoom(permit -> {
            int committed = random.nextInt(300);
            int talked = 500 + random.nextInt(20_000);
            boolean published = random.nextInt(10) > 0;
            if (published) {
                simulation.in(Duration.ofMillis(committed), () -> {
                    plan.knownOpen++;
                    simulation.gate().roomSettled(permit);
                });
            }
            simulation.in(Duration.ofMillis(committed + talked), () -> {
                // The provider first, then whoever ended it.
                plan.taken--;
                simulation.gate().slotFreed();
                simulation.in(Duration.ofMillis(random.nextInt(50)), () -> {
                    if (published) {
                        plan.knownOpen--;
                    } else {
                        simulation.gate().roomSettled(permit);
                    }
                });
            });
        });
        for (int event = 0; event < 200; event++) {
            simulation.arrives(event, Duration.ofMillis(random.nextInt(60_000)), Duration.ofHours(2));
        }

        simulation.run(Duration.ofHours(3));

        assertThat(simulation.calls().stream().map(Call::outcome)).noneMatch(CallOutcome.Busy.class::isInstance);
        assertThat(plan.highest).isEqualTo(most);
        assertThat(simulation.ended()).hasSize(200);
        assertThat(simulation.ended())
                .as("nobody waits for what never comes")
                .allMatch(end -> end.connected() || end.failure() != null);
        assertThat(simulation.ended().stream().filter(Ended::connected)).hasSizeGreaterThan(100);
        assertThat(simulation.gate().sessions()).isEqualTo(new GateStatus.Sessions(0, most));
    }
}
