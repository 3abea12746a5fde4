package dev.serai.gate;

import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Who waits before a gate, and whose turn is next: who has the earliest deadline. Every eighth turn goes to the lowest
 * number instead, who has waited longest, so that events that have hours are not put off for ever, and take little from
 * callers. While the provider fails it is always the lowest number: an event whose own fault the failure is gets a new one
 * with each attempt, and so another event finds out next time.
 *
 * <p>Not thread-safe: under the gate's lock.
 */
final class Line {
    private static final int LONGEST_WAITING_EVERY = 8;

    private final TreeMap<Place, Condition> byDeadline = new TreeMap<>();
    private final TreeMap<Long, Place> byNumber = new TreeMap<>();
    private int turns;

    /** @param waiter what the place's holder waits for */
    void join(Place place, Condition waiter) {
        byDeadline.put(place, waiter);
        byNumber.put(place.number(), place);
    }

    void leave(Place place) {
        byDeadline.remove(place);
        byNumber.remove(place.number());
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
        boolean longestWaiting = outage || turns % LONGEST_WAITING_EVERY == LONGEST_WAITING_EVERY - 1;
        return longestWaiting ? byNumber.firstEntry().getValue() : byDeadline.firstKey();
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
