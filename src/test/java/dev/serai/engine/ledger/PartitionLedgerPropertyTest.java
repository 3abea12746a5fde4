package dev.serai.engine.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** {@link SimulatedPartition} states what must hold; here are the sequences that it is put through. */
class PartitionLedgerPropertyTest {

    @Property
    void guarantees_hold_through_crashes_and_seeks(
            @ForAll("topics") List<Long> topic, @ForAll("steps") List<Step> steps) {
        SimulatedPartition partition = new SimulatedPartition(topic);

        steps.forEach(step -> step.applyTo(partition));

        partition.drain();
    }

    @Property(tries = 200)
    void guarantees_hold_through_cuts_of_the_log(
            @ForAll("topics") List<Long> topic, @ForAll("stepsWithCuts") List<Step> steps) {
        Assume.that(topic.getLast() - topic.getFirst() < 1_000);
        SimulatedPartition partition = new SimulatedPartition(topic);

        steps.forEach(step -> step.applyTo(partition));

        partition.drain();
    }

    @Property(tries = 60)
    void guarantees_hold_where_the_window_ends(
            @ForAll @IntRange(min = 1, max = 4) int distance,
            @ForAll @IntRange(min = 4_000, max = 30_000) int records,
            @ForAll("bigSteps") List<Step> steps) {
        SimulatedPartition partition = new SimulatedPartition(offsets(LongStream.range(0, records)
                .map(i -> i % 7 == 0 ? distance : 1)
                .boxed()
                .toList()));
        // The first event hangs, so that everything piles up above it.
        partition.read(1);
        partition.readAll();

        steps.forEach(step -> step.applyTo(partition));

        partition.drain();
    }

    @Property(tries = 100)
    void full_window_is_restored_as_it_was_committed(
            @ForAll @IntRange(min = 1, max = 200) int period, @ForAll boolean inverted) {
        PartitionLedger ledger = PartitionLedger.empty("start-3", 1_000);
        long end = 1_000L + PartitionLedger.WINDOW;
        LongStream.range(1_000, end).forEach(offset -> ledger.read(offset, 0));
        LongStream.range(1_001, end)
                .filter(offset -> (offset % period == 0) != inverted)
                .forEach(ledger::completed);

        CommitPoint commit = ledger.committable();
        Restored restored = PartitionLedger.restore("start-3", commit.offset(), commit.epoch(), commit.metadata());

        assertThat(commit.offset()).isEqualTo(1_000);
        assertThat(commit.metadata()).hasSizeLessThanOrEqualTo(4_096);
        assertThat(restored).isInstanceOf(Restored.Whole.class);
        assertThat(restored.ledger().committable()).isEqualTo(commit);
        LongStream.range(1_000, end).forEach(offset -> {
            boolean completed = offset > 1_000 && (offset % period == 0) != inverted;
            ReadOutcome expected = completed ? ReadOutcome.ALREADY_COMPLETE : ReadOutcome.NEW;
            if (restored.ledger().read(offset, 0) != expected) {
                throw new AssertionError("offset %d is not %s".formatted(offset, expected));
            }
        });
    }

    /** One thing that can happen to a partition. */
    interface Step {
        void applyTo(SimulatedPartition partition);
    }

    private record Named(String name, int amount, Step step) implements Step {
        @Override
        public void applyTo(SimulatedPartition partition) {
            step.applyTo(partition);
        }

        @Override
        public String toString() {
            return name + "(" + amount + ")";
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return steps(6).list().ofMaxSize(60);
    }

    @Provide
    Arbitrary<List<Step>> stepsWithCuts() {
        Arbitrary<Integer> amounts = Arbitraries.integers().between(1, 20);
        Arbitrary<Integer> picks = Arbitraries.integers().between(0, 1_000_000);
        Arbitrary<Step> cuts = Arbitraries.frequencyOf(
                Tuple.of(2, picks.map(pick -> new Named("lead", pick, p -> p.lead(pick)))),
                Tuple.of(
                        1,
                        Combinators.combine(picks, amounts).as((pick, n) -> new Named("cut", n, p -> p.cut(pick, n)))),
                Tuple.of(
                        1,
                        Combinators.combine(picks, amounts)
                                .as((pick, n) -> new Named("cutAndCrash", n, p -> p.cutAndCrash(pick, n)))));
        return Arbitraries.frequencyOf(Tuple.of(8, steps(6)), Tuple.of(1, cuts))
                .list()
                .ofMaxSize(60);
    }

    @Provide
    Arbitrary<List<Step>> bigSteps() {
        return steps(3_000).list().ofMaxSize(40);
    }

    private static Arbitrary<Step> steps(int most) {
        Arbitrary<Integer> amounts = Arbitraries.integers().between(1, most);
        Arbitrary<Integer> picks = Arbitraries.integers().between(0, 1_000_000);
        return Arbitraries.frequencyOf(
                Tuple.of(6, amounts.map(n -> new Named("read", n, p -> p.read(n)))),
                Tuple.of(
                        6,
                        Combinators.combine(amounts, picks)
                                .as((n, pick) -> new Named("complete", n, p -> p.completeAny(n, pick)))),
                Tuple.of(1, picks.map(pick -> new Named("completeLowest", pick, SimulatedPartition::completeLowest))),
                Tuple.of(
                        3,
                        Combinators.combine(amounts, picks)
                                .as((n, pick) -> new Named("commitWith", n, p -> p.commitWithAny(n, pick)))),
                Tuple.of(1, Arbitraries.just(new Named("commit", 0, SimulatedPartition::commit))),
                Tuple.of(1, Arbitraries.just(new Named("crash", 0, SimulatedPartition::crash))),
                Tuple.of(1, Arbitraries.just(new Named("seekBack", 0, SimulatedPartition::seekToCommitted))));
    }

    @Provide
    Arbitrary<List<Long>> topics() {
        Arbitrary<Long> distances = Arbitraries.frequencyOf(
                Tuple.of(20, Arbitraries.just(1L)),
                Tuple.of(6, Arbitraries.longs().between(2, 70)),
                Tuple.of(1, Arbitraries.longs().between(5_000, 40_000)),
                Tuple.of(1, Arbitraries.of(16_383L, 16_384L, 16_385L, 5_000_000_000L)));
        return distances.list().ofMinSize(1).ofMaxSize(80).map(PartitionLedgerPropertyTest::offsets);
    }

    private static List<Long> offsets(List<Long> distances) {
        long[] offset = {-1};
        return distances.stream().map(distance -> offset[0] += distance).toList();
    }
}
