package dev.serai.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Events that wait for a transaction, in their order, and how many of them go into one: bounded by bytes and by events, by half
 * of its events after it failed, and by twice as many after each that did not.
 *
 * <p>For the committer's thread.
 */
final class WaitingEvents {
    /**
     * Bounds the size of one transaction, but for that of its first event: a small part of what the producer holds
     * (128 MiB), sent within its delivery time-out (8 s) at 2 MB/s.
     */
    private static final long MOST_BYTES = 16L << 20;

    private final List<FinishedEvent> events = new ArrayList<>();
    private final int bound;
    private int most;

    /**
     * @param bound of a transaction's events
     * @param first how many the first one may have
     */
    WaitingEvents(int bound, int first) {
        this.bound = bound;
        most = first;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    List<FinishedEvent> all() {
        return Collections.unmodifiableList(events);
    }

    void add(Collection<FinishedEvent> further) {
        events.addAll(further);
    }

    void addFirst(List<FinishedEvent> first) {
        events.addAll(0, first);
    }

    /** As many as one transaction may have. */
    List<FinishedEvent> batch() {
        List<FinishedEvent> batch = new ArrayList<>();
        long bytes = 0;
        for (FinishedEvent next : events) {
            bytes += next.delivery().outbox().bytes();
            if (batch.size() == most || (bytes > MOST_BYTES && !batch.isEmpty())) {
                break;
            }
            batch.add(next);
        }
        return batch;
    }

    /** A transaction of these got through: they wait no more. */
    void committed(List<FinishedEvent> batch) {
        removeAll(batch);
        most = Math.min(bound, 2 * most);
    }

    /** A transaction of so many did not get through. */
    void tryFewerThan(int failed) {
        most = Math.max(1, failed / 2);
    }

    void removeAll(Collection<FinishedEvent> those) {
        Set<FinishedEvent> removed = new HashSet<>(those);
        events.removeIf(removed::contains);
    }
}
