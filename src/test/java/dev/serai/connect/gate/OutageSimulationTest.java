package dev.serai.connect.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connect.answer.CallOutcome;
import dev.serai.connect.gate.Simulation.Ended;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.LeftToCi;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A provider that worked fails as a whole for a minute and comes back, with the defaults of the settings, in a time of its
 * own: no event that has time left ends, and the provider is left alone meanwhile. One that fails for one event only does
 * not keep that event for ever, and harms no other. Each case is played with many seeds.
 */
@Timeout(120)
@BesideOthers
@LeftToCi
class OutageSimulationTest {
    private static final int SEEDS = 25;
    private static final Duration BEFORE = Duration.ofSeconds(30);
    private static final Duration OUTAGE = Duration.ofMinutes(1);
    private static final Duration OVER = BEFORE.plus(OUTAGE);

    /** As provider.md says of the defaults: before the gate closes, and by its probes in the first minute. */
    private static final int MOST_FAILED_CALLS = 35 + 7;

    private static final GateRules RULES = Simulation.RULES;

    private enum Failing {
        UNAVAILABLE,
        UNAVAILABLE_FOR_A_WHILE,
        REFUSED,
        RESET,
        HANGING,
        UNUSABLE;

        CallOutcome outcome() {
            return switch (this) {
                case UNAVAILABLE -> Outcomes.unavailable(503, null);
                case UNAVAILABLE_FOR_A_WHILE -> Outcomes.unavailable(503, Duration.ofSeconds(30));
                case REFUSED -> Outcomes.notSent();
                case RESET, HANGING -> Outcomes.unknown();
                case UNUSABLE -> new CallOutcome.ProtocolError(200, "the answer is no JSON");
            };
        }

        Duration latency() {
            return Duration.ofMillis(this == HANGING ? 10_000 : 50);
        }
    }

    /** Works, but for a minute. */
    private record OutOfOrder(Failing failing) implements Simulation.Provider {
        private boolean isOut(long nanos) {
            return nanos >= BEFORE.toNanos() && nanos < OVER.toNanos();
        }

        @Override
        public CallOutcome answer(int event, long nanos) {
            return isOut(nanos) ? failing.outcome() : Outcomes.connected();
        }

        @Override
        public Duration latency(int event, long nanos) {
            return isOut(nanos) ? failing.latency() : Duration.ofMillis(50);
        }
    }

    static Stream<Arguments> cells() {
        return Stream.of(Failing.values())
                .flatMap(failing -> Stream.of(1, 10, 100).map(perSecond -> Arguments.of(failing, perSecond)));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void outage_eatsNoEventThatHasTimeLeft(Failing failing, int perSecond) {
        int most = 0;
        // Of many events, few seeds say as much.
        for (long seed = 1; seed <= Math.min(SEEDS, 200 / perSecond); seed++) {
            Random random = new Random(seed);
            Simulation simulation = new Simulation(RULES, new OutOfOrder(failing), random);
            int events = perSecond * (int) OVER.plusSeconds(10).toSeconds();
            for (int event = 0; event < events; event++) {
                Duration arrival = Duration.ofNanos(event * 1_000_000_000L / perSecond);
                // Some have hours, some cannot wait for the end.
                Duration time = Duration.ofSeconds(event % 3 == 0 ? 1 + random.nextInt(60) : 3_600);
                simulation.arrives(event, arrival, arrival.plus(time));
            }

            simulation.run(Duration.ofHours(2));

            assertThat(simulation.ended()).as("seed %d", seed).hasSize(events);
            List<Ended> eaten = simulation.ended().stream()
                    .filter(end -> !end.connected() && end.atNanos() < end.deadlineNanos())
                    .toList();
            int failed = (int) simulation.calls().stream()
                    .filter(call -> call.outcome().isFailure())
                    .count();
            most = Math.max(most, failed);
            if (failing != Failing.UNUSABLE) {
                assertThat(eaten).as("seed %d", seed).isEmpty();
            } else {
                assertThat(eaten).as("seed %d", seed).hasSizeLessThanOrEqualTo(2);
            }
            assertThat(failed).as("seed %d", seed).isLessThanOrEqualTo(MOST_FAILED_CALLS);
        }
        System.out.printf("%s at %d/s: at most %d failed calls%n", failing, perSecond, most);
    }

    private static void arrive(Simulation simulation, int events, int perSecond, Duration time) {
        for (int event = 0; event < events; event++) {
            Duration arrival = Duration.ofNanos(event * 1_000_000_000L / perSecond);
            simulation.arrives(event, arrival, arrival.plus(time));
        }
    }

    /** Fails for each so manieth event of the first ones, whoever else calls. */
    private record Poisoned(CallOutcome outcome, int every, int before) implements Simulation.Provider {
        boolean isPoison(int event) {
            return event < before && event % every == 0;
        }

        @Override
        public CallOutcome answer(int event, long nanos) {
            return isPoison(event) ? outcome : Outcomes.connected();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 20})
    void eventThatFailsByItself_endsByItsAttempts_andDelaysNobody(int perSecond) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Poisoned provider =
                    new Poisoned(seed % 2 == 0 ? Outcomes.unknown() : Outcomes.unavailable(500, null), 1_000, 1);
            Simulation simulation = new Simulation(RULES, provider, new Random(seed));
            int events = 30 * perSecond;
            arrive(simulation, events, perSecond, Duration.ofMinutes(5));

            simulation.run(Duration.ofHours(1));

            assertThat(simulation.ended()).hasSize(events);
            for (Ended end : simulation.ended()) {
                assertThat(end.connected()).isEqualTo(!provider.isPoison(end.event()));
                if (end.connected()) {
                    Duration took = Duration.ofNanos(end.atNanos() - end.event() * 1_000_000_000L / perSecond);
                    assertThat(took).as("seed %d", seed).isLessThan(Duration.ofSeconds(1));
                } else {
                    assertThat(end.failure()).isNotNull();
                    assertThat(end.attempts()).isEqualTo(Simulation.ATTEMPTS);
                }
            }
            assertThat(simulation.calls().stream().filter(call -> provider.isPoison(call.event())))
                    .as("seed %d", seed)
                    .hasSize(Simulation.ATTEMPTS);
        }
    }

    @Test
    void eventThatIsAlone_endsByItsAttempts_andKeepsTheGateOpen() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Simulation simulation =
                    new Simulation(RULES, new Poisoned(Outcomes.unavailable(500, null), 1, 1), new Random(seed));
            simulation.arrives(0, Duration.ZERO, Duration.ofHours(1));

            simulation.run(Duration.ofHours(2));

            assertThat(simulation.calls()).hasSize(Simulation.ATTEMPTS);
            assertThat(simulation.ended()).singleElement().matches(end -> end.failure() != null);
            assertThat(simulation.gate().trouble()).isNotEqualTo(HoldReason.OUTAGE);
        }
    }

    /** As if everything about one of two characters were broken. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void manyEventsThatFailByThemselves_endAllTheSame_andOthersGoOn(int every) {
        int perSecond = 10;
        int mostCalls = 0;
        Duration longest = Duration.ZERO;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Poisoned provider = new Poisoned(Outcomes.unavailable(500, null), every, 60 * perSecond);
            Simulation simulation = new Simulation(RULES, provider, new Random(seed));
            int events = 120 * perSecond;
            arrive(simulation, events, perSecond, Duration.ofMinutes(5));

            simulation.run(Duration.ofHours(1));

            int[] calls = new int[events];
            simulation.calls().forEach(call -> calls[call.event()]++);
            for (Ended end : simulation.ended()) {
                Duration took = Duration.ofNanos(end.atNanos() - end.event() * 1_000_000_000L / perSecond);
                if (provider.isPoison(end.event())) {
                    mostCalls = Math.max(mostCalls, calls[end.event()]);
                    assertThat(end.failure())
                            .as("ended by its attempts, seed %d", seed)
                            .isNotNull();
                } else {
                    assertThat(end.connected()).isTrue();
                    longest = took.compareTo(longest) > 0 ? took : longest;
                }
            }
        }
        System.out.printf("1 of %d: at most %d calls, %s%n", every, mostCalls, longest);
        assertThat(mostCalls).isLessThanOrEqualTo(2 * Simulation.ATTEMPTS);
        assertThat(longest).isLessThan(Duration.ofSeconds(10));
    }

    /** As if a batch for a broken character came at night, and callers in the morning. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 100})
    void batchThatFailsByItself_keepsNoCallerFromAProviderThatWorks(int batch) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            poisonBeforeCallers(Outcomes.unavailable(500, null), batch, 100, Duration.ofSeconds(30), 30, seed);
        }
    }

    /** As if some events named what another account's key is needed for. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void eventsThatAloneAreRefused_endByTheirAttempts_andStopNoTenant(int poisonous) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Simulation simulation =
                    poisonBeforeCallers(Outcomes.refused(), poisonous, 360, Duration.ofSeconds(10), 60, seed);

            assertThat(simulation.ended().stream().filter(end -> end.event() < poisonous))
                    .as("refused, seed %d", seed)
                    .allMatch(end -> end.failure() != null
                            && end.atNanos() < Duration.ofMinutes(30).toNanos());
        }
    }

    /**
     * Events that fail by themselves and have hours, and from the second minute on callers, each of whom gets a room.
     *
     * @param pause in which one caller comes, at any time in it
     */
    private static Simulation poisonBeforeCallers(
            CallOutcome outcome, int poisonous, int callers, Duration pause, int patienceSeconds, long seed) {
        Simulation simulation = new Simulation(RULES, new Poisoned(outcome, 1, poisonous), new Random(seed));
        Random random = new Random(seed);
        for (int event = 0; event < poisonous; event++) {
            simulation.arrives(event, Duration.ofMillis(event * 50L), Duration.ofHours(6));
        }
        for (int caller = 0; caller < callers; caller++) {
            Duration arrival = Duration.ofSeconds(60)
                    .plus(pause.multipliedBy(caller))
                    .plusMillis(random.nextInt((int) pause.toMillis()));
            simulation.arrives(poisonous + caller, arrival, arrival.plusSeconds(patienceSeconds));
        }

        simulation.run(Duration.ofHours(7));

        assertThat(simulation.ended().stream().filter(end -> end.event() >= poisonous))
                .as("callers, seed %d", seed)
                .hasSize(callers)
                .allMatch(Ended::connected);
        return simulation;
    }

    @Test
    void keyThatIsRefusedForAWhile_costsNoEvent() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Simulation.Provider provider = (event, nanos) ->
                    nanos >= BEFORE.toNanos() && nanos < OVER.toNanos() ? Outcomes.refused() : Outcomes.connected();
            Simulation simulation = new Simulation(RULES, provider, new Random(seed));
            int events = 10 * (int) OVER.plusSeconds(60).toSeconds();
            arrive(simulation, events, 10, Duration.ofMinutes(10));

            simulation.run(Duration.ofHours(1));

            assertThat(simulation.ended()).as("seed %d", seed).hasSize(events).allMatch(Ended::connected);
        }
    }
}
