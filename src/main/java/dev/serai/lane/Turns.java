package dev.serai.lane;

import dev.serai.lane.Standing.Rank;
import java.time.Instant;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: of what there is to do in the {@link TurnOrder}, and beside it of what is over and has only to end, first
 * come, first served. The latter has as many places again, of its own: it neither waits for the others nor keeps places
 * from them. Not thread-safe: under the lock of its {@link KeyedScheduler}.
 *
 * @param <L> what waits for a turn
 */
final class Turns<L> {
    /** The flow of what is over. */
    private static final Object OVER = new Object();

    private final int capacity;
    private final TurnOrder<L> order;
    private final ArrayDeque<TurnOrder.Waiting<L>> ending = new ArrayDeque<>();
    private int endingNow;

    /** @param capacity places for each of the two, at least 1 */
    Turns(int capacity) {
        this.capacity = capacity;
        order = new TurnOrder<>(capacity);
    }

    /** One that is over waits for its turn to end. */
    TurnOrder.Waiting<L> addOver(L waiter, long number) {
        TurnOrder.Waiting<L> waiting = new TurnOrder.Waiting<>(waiter, OVER, Rank.FOREGROUND, Instant.MIN, number);
        ending.add(waiting);
        return waiting;
    }

    /** One that there is something to do for waits for its turn. */
    TurnOrder.Waiting<L> add(L waiter, Standing standing, long number) {
        TurnOrder.Waiting<L> waiting =
                new TurnOrder.Waiting<>(waiter, standing.flow(), standing.rank(), standing.due(), number);
        order.add(waiting);
        return waiting;
    }

    static boolean isOver(TurnOrder.Waiting<?> waiting) {
        return waiting.flow() == OVER;
    }

    /** It does not wait any more; not for one that is over, of which all go at once. */
    void remove(TurnOrder.Waiting<L> waiting) {
        if (!isOver(waiting)) {
            order.remove(waiting);
        }
    }

    /** None that is over waits any more. */
    void clearOver() {
        ending.clear();
    }

    /** Whose turn it is, who has a place from now on; null if nobody's. */
    TurnOrder.@Nullable Waiting<L> next() {
        if (endingNow < capacity && !ending.isEmpty()) {
            endingNow++;
            return ending.remove();
        }
        return order.next();
    }

    /** Gives back the place that {@link #next} gave: the task could not begin, and waits again. */
    void notBegun(TurnOrder.Waiting<L> waiting) {
        ended(waiting.flow());
        if (isOver(waiting)) {
            ending.addFirst(waiting);
        } else {
            order.add(waiting);
        }
    }

    /** Gives back the place that {@link #next} gave to one of that flow. */
    void ended(Object ofFlow) {
        if (ofFlow == OVER) {
            endingNow--;
        } else {
            order.ended(ofFlow);
        }
    }

    int running() {
        return order.running() + endingNow;
    }
}
