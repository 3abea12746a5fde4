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

/**
 * The start events of batches that this process holds. A batch is what is before the first slash of the ids of its events. When
 * a batch is cancelled, nothing that its events wait for is worth waiting for any more: each has its answer, in its turn, and
 * no call is begun for one that is taken later. An event whose routes have ended is not among them.
 *
 * <p>Thread-safe: under one lock, which is held for short work in memory only.
 */
public final class HeldBatches {
    private final Function<String, Optional<String>> whyCancelled;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Set<Held>> held = new HashMap<>();

    /** @param endNow see {@link #hold} */
    private record Held(Conversation conversation, Runnable endNow) {
        void cancel(String why) {
            conversation.delivery().cancel(why);
            endNow.run();
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
     * From now on an event is among them, until its routes have ended; one whose id names no batch is in none.
     *
     * @param endNow is run when it is cancelled, so that it waits no longer for others' sake; must not block
     */
    void hold(Conversation conversation, String eventId, Runnable endNow, Exchange exchange) {
        int slash = eventId.indexOf('/');
        if (slash < 1) {
            return;
        }
        String batch = eventId.substring(0, slash);
        Held added = new Held(conversation, endNow);
        lock.lock();
        try {
            held.computeIfAbsent(batch, any -> new HashSet<>()).add(added);
        } finally {
            lock.unlock();
        }
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                release(batch, added);
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

    /** What most of a batch's events wait for that are held here, in a few words; empty if none waits. */
    public Optional<String> heldUpBy(String batch) {
        return of(batch).stream()
                .flatMap(event -> event.conversation().held().waits().stream())
                .map(Wait::brief)
                .collect(Collectors.groupingBy(why -> why, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
    }

    /** A batch is cancelled from now on. */
    public void cancel(String batch) {
        String why = whyCancelled.apply(batch).orElseThrow();
        of(batch).forEach(event -> event.cancel(why));
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
