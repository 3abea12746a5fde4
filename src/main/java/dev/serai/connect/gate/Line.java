package dev.serai.connect.gate;

import dev.serai.wire.Priority;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Who waits before a gate, and whose turn is next: of those that are live, if there is one, as their {@link Queue} says; else
 * of the batch events, likewise. However many batch events wait, and for how long, they wait as long as somebody live does.
 *
 * <p>Not thread-safe: under the gate's lock.
 */
final class Line {
    private final Queue live = new Queue();
    private final Queue batch = new Queue();

    /** @param waiter what the ticket's holder waits for */
    void join(Ticket ticket, Condition waiter, Priority priority) {
        (priority == Priority.LIVE ? live : batch).join(ticket, waiter);
    }

    void leave(Ticket ticket) {
        if (live.leave(ticket) == null) {
            batch.leave(ticket);
        }
    }

    /** A batch event's ticket is one of a live caller from now on, by its deadline and its number. */
    void hurry(Ticket ticket) {
        Condition waiter = batch.leave(ticket);
        if (waiter != null) {
            live.join(ticket, waiter);
        }
    }

    /** The one who is next, and has not left the line, has a turn. */
    void turnTaken() {
        nextQueue().turnTaken();
    }

    private Queue nextQueue() {
        return live.size() > 0 ? live : batch;
    }

    /** Whose turn is next; null if nobody waits. */
    @Nullable
    Ticket next(boolean trouble) {
        return nextQueue().next(trouble);
    }

    void wake(Ticket ticket) {
        live.wake(ticket);
        batch.wake(ticket);
    }

    int size() {
        return live.size() + batch.size();
    }

    /** How many of them are batch events. */
    int batch() {
        return batch.size();
    }
}
