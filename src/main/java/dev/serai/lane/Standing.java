package dev.serai.lane;

import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * How a task stands among those of other keys; among those of its own key only their order counts.
 *
 * @param flow whose task it is: tasks of one flow never take all places, see {@link TurnOrder}; compared by
 *     {@code equals}. There must be few of them: who submits tasks at will must not be able to invent one for each
 * @param due until when it has to be done: the earliest goes first
 * @param over whether there is nothing left to do for it but to end, so that it need not wait for a place among those that
 *     do something; once it is, it stays so. Asked under the scheduler's lock, from any thread: must not block. When it
 *     becomes so, {@link KeyedScheduler#reconsider} has to be told
 */
public record Standing(Object flow, Instant due, BooleanSupplier over) {

    /** Of a task of which nobody says more: no hurry, and one flow for all of them. */
    public static final Standing PLAIN = new Standing("plain", Instant.MAX);

    /** Of a task that has to be done in any case. */
    public Standing(Object flow, Instant due) {
        this(flow, due, () -> false);
    }
}
