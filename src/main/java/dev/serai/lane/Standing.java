package dev.serai.lane;

import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * How a task stands among those of other keys; among those of its own key only their order counts.
 *
 * @param flow whose task it is: tasks of one flow never take all places, see {@link TurnOrder}; compared by
 *     {@code equals}. There must be few of them: who submits tasks at will must not be able to invent one for each
 * @param rank of all tasks of its flow
 * @param due until when it has to be done: the earliest of one rank goes first
 * @param over whether there is nothing left to do for it but to end, so that it need not wait for a place among those that
 *     do something; once it is, it stays so. Asked under the scheduler's lock, from any thread: must not block. When it
 *     becomes so, {@link KeyedScheduler#reconsider} has to be told
 */
public record Standing(Object flow, Rank rank, Instant due, BooleanSupplier over) {
    /** Which tasks go before which, whatever is due when. */
    public enum Rank {
        FOREGROUND,
        /** Behind the others; all of them together have at most half of the places. */
        BACKGROUND
    }

    /** Of a task of which nobody says more: no hurry, and one flow for all of them. */
    public static final Standing PLAIN = new Standing("plain", Instant.MAX);

    /** Of a task that has to be done in any case. */
    public Standing(Object flow, Instant due) {
        this(flow, due, () -> false);
    }

    /** Of a task in the foreground. */
    public Standing(Object flow, Instant due, BooleanSupplier over) {
        this(flow, Rank.FOREGROUND, due, over);
    }

    boolean goesBefore(Standing other) {
        int byRank = rank.compareTo(other.rank);
        return byRank < 0 || (byRank == 0 && due.isBefore(other.due));
    }
}
