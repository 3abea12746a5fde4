package dev.serai.observe.waiting;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * The events that this process holds, from those that were published first on. To add and to remove one costs well under a
 * microsecond, and neither waits for who looks; who looks sees each event that is there all the while.
 *
 * <p>Thread-safe.
 */
public final class HeldEvents {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(10);

    private final NavigableSet<HeldEvent> byAge = new ConcurrentSkipListSet<>(
            Comparator.<HeldEvent, Instant>comparing(event -> event.original().timestamp())
                    .thenComparingLong(HeldEvent::number));
    // The set counts by walking through all of it.
    private final LongAdder size = new LongAdder();

    public void add(HeldEvent event) {
        if (byAge.add(event)) {
            size.increment();
        }
    }

    public void remove(HeldEvent event) {
        if (byAge.remove(event)) {
            size.decrement();
        }
    }

    /** How many there are. */
    long size() {
        return Math.max(0, size.sum());
    }

    /** Returns when there is none, or after that time. */
    public void awaitNone(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!byAge.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(LOOK_INTERVAL);
        }
    }

    /** Since the oldest was published; zero if there is none. */
    public Duration oldestAge(Instant now) {
        // Not first(): the set may become empty just then.
        return byAge.stream().findFirst().map(event -> event.age(now)).orElse(Duration.ZERO);
    }

    /** From the oldest on. */
    Stream<HeldEvent> oldestFirst() {
        return byAge.stream();
    }

    /** Who is first in the lane of an event, and how many stand before it. */
    record Ahead(HeldEvent first, int events) {}

    /** Those before each of the given events in its lane; an event without any is not among them. Looks at all events once. */
    Map<HeldEvent, Ahead> ahead(Collection<HeldEvent> events) {
        Map<ByteBuffer, List<HeldEvent>> lanes = new HashMap<>();
        events.forEach(event -> lane(event).ifPresent(lane -> lanes.put(lane, new ArrayList<>())));
        if (lanes.isEmpty()) {
            return Map.of();
        }
        byAge.forEach(event -> lane(event).map(lanes::get).ifPresent(same -> same.add(event)));
        Map<HeldEvent, Ahead> ahead = new HashMap<>();
        for (HeldEvent event : events) {
            List<HeldEvent> before = lane(event).map(lanes::get).orElse(List.of()).stream()
                    .filter(other -> other.number() < event.number())
                    .toList();
            before.stream()
                    .min(Comparator.comparingLong(HeldEvent::number))
                    .ifPresent(first -> ahead.put(event, new Ahead(first, before.size())));
        }
        return ahead;
    }

    /** Its key's bytes; without a key it is in order with no other. */
    private static Optional<ByteBuffer> lane(HeldEvent event) {
        byte[] key = event.original().key();
        return key == null || key.length == 0 ? Optional.empty() : Optional.of(ByteBuffer.wrap(key));
    }
}
