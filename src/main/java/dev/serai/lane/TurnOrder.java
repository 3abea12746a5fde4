package dev.serai.lane;

import dev.serai.lane.Standing.Rank;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which of those that could run goes first, when there are fewer places than would be needed.
 *
 * <p><b>Shares.</b> A flow may have as many places as are left free beside it (dynamic thresholds, as switches share their
 * memory; Choudhury and Hahne 1998). Alone it gets half of them and one. What comes next gets half of the rest at once, and an
 * equal share as soon as what was there before has ended. A capacity of 1 or 2 is too small to be shared. The flows of the
 * background together never have more places than are left free beside them, which is half of them, rounded up: however many
 * they are, and however long theirs last, the others share the rest.
 *
 * <p><b>Order.</b> The foreground goes first, and of each rank what is due first. Every eighth turn goes to what has waited
 * longest instead, so that what is due late is not put off for ever, and takes little from what is due soon; but not before the
 * foreground.
 *
 * <p>Cost: logarithmic in what waits, and linear in the flows. Not thread-safe: under the lock of its
 * {@link KeyedScheduler}.
 *
 * @param <L> what waits for a turn
 */
final class TurnOrder<L> {
    private static final int LONGEST_WAITING_EVERY = 8;

    private final int capacity;
    private final Map<Object, Flow<L>> flows = new HashMap<>();
    private int running;
    private int background;
    private int turns;

    /** @param capacity places, at least 1 */
    TurnOrder(int capacity) {
        this.capacity = capacity;
    }

    /**
     * One that waits.
     *
     * @param number of its submission: who has a lower one has waited longer
     */
    record Waiting<L>(L waiter, Object flow, Rank rank, Instant due, long number) {}

    private static final class Flow<L> {
        final TreeSet<Waiting<L>> byDue = new TreeSet<>(
                Comparator.<Waiting<L>, Instant>comparing(Waiting::due).thenComparingLong(Waiting::number));
        final TreeSet<Waiting<L>> byNumber = new TreeSet<>(Comparator.comparingLong(Waiting::number));
        final Rank rank;
        int running;

        Flow(Rank rank) {
            this.rank = rank;
        }
    }

    void add(Waiting<L> waiting) {
        Flow<L> flow = flows.computeIfAbsent(waiting.flow(), ignored -> new Flow<>(waiting.rank()));
        flow.byDue.add(waiting);
        flow.byNumber.add(waiting);
    }

    /** It does not wait any more. */
    void remove(Waiting<L> waiting) {
        Flow<L> flow = flows.get(waiting.flow());
        if (flow != null) {
            flow.byDue.remove(waiting);
            flow.byNumber.remove(waiting);
            forgetIfIdle(waiting.flow(), flow);
        }
    }

    /** Whose turn it is, who has a place from now on; null if nobody's. */
    @Nullable
    Waiting<L> next() {
        int free = capacity - running;
        boolean longestWaiting = turns % LONGEST_WAITING_EVERY == LONGEST_WAITING_EVERY - 1;
        Waiting<L> first = null;
        for (Flow<L> flow : flows.values()) {
            if (!flow.byDue.isEmpty() && mayHaveOneMore(flow, free)) {
                Waiting<L> candidate = longestWaiting ? flow.byNumber.first() : flow.byDue.first();
                if (first == null || isBefore(candidate, first, longestWaiting)) {
                    first = candidate;
                }
            }
        }
        if (first != null) {
            Flow<L> flow = Objects.requireNonNull(flows.get(first.flow()));
            flow.byDue.remove(first);
            flow.byNumber.remove(first);
            count(flow, 1);
            turns++;
        }
        return first;
    }

    private boolean mayHaveOneMore(Flow<L> flow, int free) {
        return free > 0 && flow.running <= free && (flow.rank == Rank.FOREGROUND || background < free);
    }

    private void count(Flow<L> flow, int places) {
        flow.running += places;
        running += places;
        background += flow.rank == Rank.BACKGROUND ? places : 0;
    }

    private static <L> boolean isBefore(Waiting<L> one, Waiting<L> other, boolean longestWaiting) {
        int byRank = one.rank().compareTo(other.rank());
        if (byRank != 0) {
            return byRank < 0;
        }
        int byDue = longestWaiting ? 0 : one.due().compareTo(other.due());
        return byDue < 0 || (byDue == 0 && one.number() < other.number());
    }

    /** Gives back the place that {@link #next} gave to one of that flow. */
    void ended(Object ofFlow) {
        Flow<L> flow = flows.get(ofFlow);
        if (flow == null || flow.running == 0) {
            throw new IllegalStateException("no place is taken by " + ofFlow);
        }
        count(flow, -1);
        forgetIfIdle(ofFlow, flow);
    }

    int running() {
        return running;
    }

    private void forgetIfIdle(Object name, Flow<L> flow) {
        if (flow.running == 0 && flow.byDue.isEmpty()) {
            flows.remove(name);
        }
    }
}
