package dev.serai.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The events that the committer has taken up and not decided, in their order, and how many of them go into one transaction:
 * bounded by bytes and by events, by half of its events after it failed, and by twice as many after each that did not.
 *
 * <p>For the committer's thread.
 */
final class UndecidedEvents {
    /** Bounds the time of one transaction; more than is ever in flight by default. */
    private static final int MOST_EVENTS = 2_000;

    /**
     * Bounds the size of one transaction, but for that of its first event: a small part of what the producer holds
     * (128 MiB), sent within its delivery time-out (8 s) at 2 MB/s.
     */
    private static final long MOST_BYTES = 16L << 20;

    private final List<FinishedEvent> events = new ArrayList<>();
    private int mostEvents = MOST_EVENTS;

    boolean isEmpty() {
        return events.isEmpty();
    }

    void add(Collection<FinishedEvent> further) {
        events.addAll(further);
    }

    /** What is to be committed before all others. */
    void addFirst(List<FinishedEvent> first) {
        events.addAll(0, first);
    }

    /** As many as one transaction may have. */
    List<FinishedEvent> batch() {
        List<FinishedEvent> batch = new ArrayList<>();
        long bytes = 0;
        for (FinishedEvent next : events) {
            bytes += next.delivery().outbox().bytes();
            if (batch.size() == mostEvents || (bytes > MOST_BYTES && !batch.isEmpty())) {
                break;
            }
            batch.add(next);
        }
        return batch;
    }

    /** Fails those that are not to be published any more. */
    void failLate(Instant now) {
        events.removeIf(event -> {
            boolean late = !now.isBefore(event.notAfter());
            if (late) {
                event.failed(new CommitTooLateException(event.delivery().toString(), event.notAfter()));
            }
            return late;
        });
    }

    /** Fails those of which Kafka does not take a record. */
    void failRefused(Map<Delivery, RecordRefusedException> culprits) {
        events.removeIf(event -> {
            RecordRefusedException reason = culprits.get(event.delivery());
            if (reason != null) {
                event.failed(reason);
            }
            return reason != null;
        });
    }

    /** Drops those that are no longer this process's. */
    void drop(Set<Delivery> revoked) {
        events.removeIf(event -> {
            boolean drop = revoked.contains(event.delivery());
            if (drop) {
                event.dropped();
            }
            return drop;
        });
    }

    /** A transaction of these got through. */
    void committed(List<FinishedEvent> batch) {
        events.removeAll(new HashSet<>(batch));
        batch.forEach(FinishedEvent::committed);
        mostEvents = Math.min(MOST_EVENTS, 2 * mostEvents);
    }

    /** A transaction of so many did not get through. */
    void tryFewerThan(int failed) {
        mostEvents = Math.max(1, failed / 2);
    }

    /** @param underWay those of them that are in a transaction whose end this process does not see */
    void dropAll(Set<FinishedEvent> underWay) {
        for (FinishedEvent event : events) {
            if (underWay.contains(event)) {
                event.leftInTransaction();
            } else {
                event.dropped();
            }
        }
    }
}
