package dev.serai.connect.gate;

import java.util.Comparator;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Those of one priority who wait before a gate, and who of them is next: who has the earliest deadline. Every eighth turn goes to
 * the lowest number instead, who has waited longest, so that events that have hours are not put off for ever, and take
 * little from callers.
 *
 * <p>While the provider fails or refuses the account, those go first whose calls have come to nothing least often, and of them
 * again the earliest deadline: whoever has not been called for yet finds out next, and not an event that fails or is refused
 * through its own fault.
 *
 * <p>Not thread-safe: under the gate's lock.
 */
final class Queue {
    private static final int LONGEST_WAITING_EVERY = 8;

    private final TreeMap<Ticket, Condition> byDeadline = new TreeMap<>();
    private final TreeMap<Long, Ticket> byNumber = new TreeMap<>();
    private final TreeSet<Ticket> byFailures =
            new TreeSet<>(Comparator.comparingInt(Ticket::failures).thenComparing(Comparator.naturalOrder()));
    private int turns;

    /** @param waiter what the ticket's holder waits for */
    void join(Ticket ticket, Condition waiter) {
        byDeadline.put(ticket, waiter);
        byNumber.put(ticket.number(), ticket);
        byFailures.add(ticket);
    }

    /** What the ticket's holder waits for; null if it is not here. */
    @Nullable
    Condition leave(Ticket ticket) {
        Condition waiter = byDeadline.remove(ticket);
        if (waiter != null) {
            byNumber.remove(ticket.number());
            byFailures.remove(ticket);
        }
        return waiter;
    }

    /** The one who is next had a turn. */
    void turnTaken() {
        turns++;
    }

    /** Whose turn is next; null if nobody waits. */
    @Nullable
    Ticket next(boolean trouble) {
        if (byDeadline.isEmpty()) {
            return null;
        }
        if (turns % LONGEST_WAITING_EVERY == LONGEST_WAITING_EVERY - 1) {
            return byNumber.firstEntry().getValue();
        }
        return trouble ? byFailures.first() : byDeadline.firstKey();
    }

    /** Without effect if the ticket is not here. */
    void wake(Ticket ticket) {
        Condition waiter = byDeadline.get(ticket);
        if (waiter != null) {
            waiter.signal();
        }
    }

    int size() {
        return byDeadline.size();
    }
}
