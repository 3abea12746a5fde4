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
 * <p>While the provider fails, those go first whose calls have failed least often, and of them again the earliest deadline:
 * whoever has not been called for yet finds out next, and not the events whose own fault the failure is, however many there
 * are and however long they have waited.
 *
 * <p>Not thread-safe: under the gate's lock.
 */
final class Queue {
    private static final int LONGEST_WAITING_EVERY = 8;

    private final TreeMap<Place, Condition> byDeadline = new TreeMap<>();
    private final TreeMap<Long, Place> byNumber = new TreeMap<>();
    private final TreeSet<Place> byFailures =
            new TreeSet<>(Comparator.comparingInt(Place::failures).thenComparing(Comparator.naturalOrder()));
    private int turns;

    /** @param waiter what the place's holder waits for */
    void join(Place place, Condition waiter) {
        byDeadline.put(place, waiter);
        byNumber.put(place.number(), place);
        byFailures.add(place);
    }

    /** What the place's holder waits for; null if it is not here. */
    @Nullable
    Condition leave(Place place) {
        Condition waiter = byDeadline.remove(place);
        if (waiter != null) {
            byNumber.remove(place.number());
            byFailures.remove(place);
        }
        return waiter;
    }

    /** The one who is next had a turn. */
    void turnTaken() {
        turns++;
    }

    /** Whose turn is next; null if nobody waits. */
    @Nullable
    Place next(boolean outage) {
        if (byDeadline.isEmpty()) {
            return null;
        }
        if (turns % LONGEST_WAITING_EVERY == LONGEST_WAITING_EVERY - 1) {
            return byNumber.firstEntry().getValue();
        }
        return outage ? byFailures.first() : byDeadline.firstKey();
    }

    void wakeNext(boolean outage) {
        Place next = next(outage);
        Condition waiter = next == null ? null : byDeadline.get(next);
        if (waiter != null) {
            waiter.signal();
        }
    }

    int size() {
        return byDeadline.size();
    }
}
