package dev.serai.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The events that the committer has taken up and not decided, and which of them go into the next transaction.
 *
 * <p>They go in their order, as {@link WaitingEvents} has it. An event that does not get through, where others do or by itself,
 * is put aside, so that it stops no others. What is aside is tried by itself: at once while nothing else waits and nothing else
 * is known to get through, once more as soon as others got through, and then as seldom as leaves others three quarters of the
 * time.
 *
 * <p>Putting an event aside lets others overtake it. That is safe for an event that completes its offset for the first time:
 * its lane begins the next event of its key only after it is decided, and its ledger keeps its offset from being committed before
 * it is. It is not safe for what is published again ({@link Delivery#isAgain}): later events of its key may wait here, and to its
 * ledger it is complete, so that any other transaction would commit its offset without its records. So that stays first.
 *
 * <p>For the committer's thread. Times are those of {@link System#nanoTime}.
 */
final class CommitBatches {
    /** Bounds the time of one transaction; more than is ever in flight by default. */
    private static final int MOST_EVENTS = 2_000;

    /** So many times as long as an attempt took that failed, what is aside is left alone. */
    private static final int LEFT_TO_OTHERS = 3;

    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

    private final WaitingEvents events = new WaitingEvents(MOST_EVENTS, MOST_EVENTS);
    private final WaitingEvents aside = new WaitingEvents(MOST_EVENTS, 1);
    private boolean othersGetThrough;
    private long asideNotBefore;

    /** Whether the last batch is of those that are aside. */
    private boolean tryingAside;

    boolean isEmpty() {
        return events.isEmpty() && aside.isEmpty();
    }

    /** Whether there is something to be tried now. */
    boolean isDue(long now) {
        return !events.isEmpty() || isAsideDue(now);
    }

    private boolean isAsideDue(long now) {
        boolean isTime = now - asideNotBefore >= 0 || (events.isEmpty() && !othersGetThrough);
        return !aside.isEmpty() && isTime && events.all().stream().limit(1).noneMatch(CommitBatches::isAgain);
    }

    private static boolean isAgain(FinishedEvent event) {
        return event.delivery().isAgain();
    }

    void add(Collection<FinishedEvent> further) {
        events.add(further);
    }

    /** What is to be committed before all others. */
    void addFirst(List<FinishedEvent> first) {
        events.addFirst(first);
    }

    /** As many as one transaction may have; none when there is nothing to be tried now. */
    List<FinishedEvent> batch(long now) {
        tryingAside = isAsideDue(now);
        return (tryingAside ? aside : events).batch();
    }

    /** Those that did not get through, where others do or by themselves. */
    List<Delivery> aside() {
        return aside.all().stream().map(FinishedEvent::delivery).toList();
    }

    /** Whether others were committed since events are aside: what is aside is to blame itself. */
    boolean othersGetThrough() {
        return othersGetThrough;
    }

    /** Fails those that are not to be published any more. */
    void failLate(Instant now) {
        take(
                event -> !now.isBefore(event.notAfter()),
                event ->
                        event.failed(new CommitTooLateException(event.delivery().toString(), event.notAfter())));
    }

    /** Fails those of which Kafka does not take a record. */
    void failRefused(Map<Delivery, RecordRefusedException> culprits) {
        take(
                event -> culprits.containsKey(event.delivery()),
                event -> event.failed(Objects.requireNonNull(culprits.get(event.delivery()))));
    }

    /** Drops those that are no longer this process's. */
    void drop(Set<Delivery> revoked) {
        take(event -> revoked.contains(event.delivery()), FinishedEvent::dropped);
    }

    private void take(Predicate<FinishedEvent> which, Consumer<FinishedEvent> end) {
        for (WaitingEvents waiting : List.of(events, aside)) {
            List<FinishedEvent> taken = waiting.all().stream().filter(which).toList();
            waiting.removeAll(taken);
            taken.forEach(end);
        }
        othersGetThrough &= !aside.isEmpty();
    }

    /** A transaction of these, which were the last batch, got through. */
    void committed(List<FinishedEvent> batch, long now) {
        (tryingAside ? aside : events).committed(batch);
        batch.forEach(FinishedEvent::committed);
        boolean isProof = batch.stream()
                .anyMatch(event -> !event.delivery().outbox().records().isEmpty());
        if (tryingAside || (isProof && !othersGetThrough)) {
            asideNotBefore = now;
        }
        othersGetThrough = !aside.isEmpty() && (othersGetThrough || (isProof && !tryingAside));
    }

    /**
     * A transaction of these, which were the last batch, did not get through.
     *
     * @param blamed those of which Kafka did not take a record while it took others of the transaction
     * @param begun when it began
     * @return whether others go on nevertheless: they are known to get through, and what does not is aside
     */
    boolean failed(List<FinishedEvent> batch, Set<Delivery> blamed, long begun, long now) {
        long pause = Math.max(LEAST_PAUSE.toNanos(), LEFT_TO_OTHERS * (now - begun));
        if (tryingAside) {
            if (batch.size() == 1) {
                aside.removeAll(batch);
                aside.add(batch);
            }
            aside.tryFewerThan(batch.size());
            asideNotBefore = now + pause;
            return othersGetThrough;
        }
        List<FinishedEvent> culprits = batch.stream()
                .filter(event -> !isAgain(event) && (batch.size() == 1 || blamed.contains(event.delivery())))
                .toList();
        if (!culprits.isEmpty() && aside.isEmpty()) {
            aside.tryFewerThan(1);
            asideNotBefore = now + pause;
        }
        events.removeAll(culprits);
        aside.add(culprits);
        boolean othersWereTaken = !culprits.isEmpty() && !blamed.isEmpty();
        if (!othersWereTaken) {
            events.tryFewerThan(batch.size());
            othersGetThrough = false;
        }
        return othersWereTaken && othersGetThrough;
    }

    /** @param underWay those of them that are in a transaction whose end this process does not see */
    void dropAll(Set<FinishedEvent> underWay) {
        for (WaitingEvents waiting : List.of(events, aside)) {
            for (FinishedEvent event : waiting.all()) {
                if (underWay.contains(event)) {
                    event.leftInTransaction();
                } else {
                    event.dropped();
                }
            }
        }
    }
}
