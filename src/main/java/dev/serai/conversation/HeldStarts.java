package dev.serai.conversation;

import dev.serai.wire.OriginalRecord;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * The start events that this process holds, by their conversation. An event whose routes have ended is not among them any more.
 *
 * <p>Thread-safe: under one lock, which is held for short work in memory only.
 */
final class HeldStarts {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<LaneKey, ArrayDeque<EventInFlight>> held = new HashMap<>();

    /** Where the events of one conversation are in order. */
    private record LaneKey(int partition, ByteBuffer key) {
        static @Nullable LaneKey of(OriginalRecord original) {
            byte[] key = original.key();
            return key == null || key.length == 0 ? null : new LaneKey(original.partition(), ByteBuffer.wrap(key));
        }
    }

    /** From now on it is among them, until its routes have ended; one without a key is in no conversation. */
    void hold(EventInFlight start, Exchange exchange) {
        LaneKey key = LaneKey.of(start.original());
        if (key == null) {
            return;
        }
        lock.lock();
        try {
            held.computeIfAbsent(key, any -> new ArrayDeque<>(2)).add(start);
        } finally {
            lock.unlock();
        }
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                release(key, start);
            }
        });
    }

    private void release(LaneKey key, EventInFlight start) {
        lock.lock();
        try {
            ArrayDeque<EventInFlight> starts = held.get(key);
            if (starts != null && starts.remove(start) && starts.isEmpty()) {
                held.remove(key);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Those that lie before a record in its conversation, in the order in which they were taken. */
    List<EventInFlight> before(OriginalRecord original) {
        LaneKey key = LaneKey.of(original);
        if (key == null) {
            return List.of();
        }
        lock.lock();
        try {
            ArrayDeque<EventInFlight> starts = held.get(key);
            return starts == null
                    ? List.of()
                    : starts.stream()
                            .filter(start -> start.original().offset() < original.offset())
                            .toList();
        } finally {
            lock.unlock();
        }
    }
}
