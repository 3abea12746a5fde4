package dev.serai.conversation;

import dev.serai.observe.waiting.Wait;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start events of batches that this process holds. A batch is what is before the first slash of the ids of its events. When
 * a batch is cancelled, nothing that its events wait for is worth waiting for any more: each has its answer, in its turn, and
 * no call is begun for one that is taken later. One whose routes have ended has its answer, and only waits until that is
 * committed.
 *
 * <p>Thread-safe: under one lock, which is held for short work in memory only.
 */
public final class HeldBatches {
    private static final Logger LOG = LoggerFactory.getLogger(HeldBatches.class);

    private final Function<String, Optional<String>> whyCancelled;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Set<Held>> held = new HashMap<>();

    private static final class Held {
        private final EventInFlight inFlight;
        private final Runnable endNow;
        private volatile boolean answered;

        Held(EventInFlight inFlight, Runnable endNow) {
            this.inFlight = inFlight;
            this.endNow = endNow;
        }

        /** @return whether it was wanted until now */
        boolean cancel(String why) {
            boolean isNews = !inFlight.delivery().isUnwanted();
            inFlight.delivery().cancel(why);
            try {
                endNow.run();
            } catch (RuntimeException e) {
                LOG.warn("{} was cancelled, and may wait for others before it ends", inFlight.delivery(), e);
            }
            return isNews;
        }
    }

    /**
     * @param whyCancelled of a batch, for whoever reads the answers to its events; empty while it is not cancelled. Must not
     *     block, and must know it before {@link #cancel} is called
     */
    public HeldBatches(Function<String, Optional<String>> whyCancelled) {
        this.whyCancelled = whyCancelled;
    }

    /**
     * From now on an event is among them, until its exchange has ended; one whose id names no batch is in none.
     *
     * @param endNow is run when it is cancelled, so that it waits no longer for others' sake; must not block
     */
    void hold(EventInFlight inFlight, String eventId, Runnable endNow, Exchange exchange) {
        int slash = eventId.indexOf('/');
        if (slash < 1) {
            return;
        }
        String batch = eventId.substring(0, slash);
        Held added = new Held(inFlight, endNow);
        lock.lock();
        try {
            held.computeIfAbsent(batch, any -> new HashSet<>()).add(added);
        } finally {
            lock.unlock();
        }
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                added.answered = true;
            }
        });
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                release(batch, added);
            }

            /** Behind {@link SettleEvent}, which waits for the commit. */
            @Override
            public int getOrder() {
                return LOWEST;
            }
        });
        // Not before it is among them: a batch that is cancelled meanwhile is cancelled by one or the other.
        whyCancelled.apply(batch).ifPresent(added::cancel);
    }

    private void release(String batch, Held done) {
        lock.lock();
        try {
            Set<Held> events = held.get(batch);
            if (events != null && events.remove(done) && events.isEmpty()) {
                held.remove(batch);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What most of a batch's events wait for that are held here, in a few words; empty if none waits. Asks each gate once. */
    public Optional<String> heldUpBy(String batch) {
        Map<Object, List<Wait>> waits = of(batch).stream()
                .flatMap(event -> event.inFlight.held().waits().stream())
                .collect(Collectors.groupingBy(Wait::briefly));
        Map<String, Integer> events = new TreeMap<>();
        waits.values().forEach(alike -> events.merge(alike.getFirst().brief(), alike.size(), Integer::sum));
        return events.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    /**
     * A batch is cancelled from now on; to be told again is of no effect but on what was not cancelled.
     *
     * @return how many of its events were wanted until now
     */
    public int cancel(String batch) {
        String why = whyCancelled.apply(batch).orElseThrow();
        int cancelled = 0;
        for (Held event : of(batch)) {
            cancelled += !event.answered && event.cancel(why) ? 1 : 0;
        }
        return cancelled;
    }

    private List<Held> of(String batch) {
        lock.lock();
        try {
            return List.copyOf(held.getOrDefault(batch, Set.of()));
        } finally {
            lock.unlock();
        }
    }
}
