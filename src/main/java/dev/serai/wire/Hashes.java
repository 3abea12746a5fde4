package dev.serai.wire;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A set of hashes that forgets the oldest: what was added last is there, at least {@code capacity} hashes and at most twice
 * as many, 16 to 32 bytes each. It begins small. Thread-safe: readers wait for nobody, and see what was added before.
 */
final class Hashes {
    private static final int FIRST_SLOTS = 1 << 8;

    private final int capacity;
    private volatile AtomicLongArray current = new AtomicLongArray(FIRST_SLOTS);
    private volatile AtomicLongArray previous = new AtomicLongArray(1);
    private volatile int size;

    Hashes(int capacity) {
        this.capacity = capacity;
    }

    boolean isEmpty() {
        return size == 0 && previous.length() == 1;
    }

    synchronized void add(long hash) {
        long entry = entry(hash);
        if (size >= capacity) {
            previous = current;
            current = new AtomicLongArray(FIRST_SLOTS);
            size = 0;
        } else if (2 * size >= current.length()) {
            AtomicLongArray wider = new AtomicLongArray(2 * current.length());
            for (int i = 0; i < current.length(); i++) {
                if (current.get(i) != 0) {
                    put(wider, current.get(i));
                }
            }
            current = wider;
        }
        if (put(current, entry)) {
            size++;
        }
    }

    boolean contains(long hash) {
        long entry = entry(hash);
        return isIn(current, entry) || isIn(previous, entry);
    }

    /** @return whether it is new */
    private static boolean put(AtomicLongArray slots, long entry) {
        int place = place(slots, entry);
        while (slots.get(place) != 0) {
            if (slots.get(place) == entry) {
                return false;
            }
            place = (place + 1) & (slots.length() - 1);
        }
        slots.set(place, entry);
        return true;
    }

    private static boolean isIn(AtomicLongArray slots, long entry) {
        int place = place(slots, entry);
        // There is always an empty slot: at least half of them are.
        for (long found = slots.get(place); found != 0; found = slots.get(place)) {
            if (found == entry) {
                return true;
            }
            place = (place + 1) & (slots.length() - 1);
        }
        return false;
    }

    private static int place(AtomicLongArray slots, long entry) {
        return (int) (entry ^ (entry >>> 32)) & (slots.length() - 1);
    }

    /** Spread over all bits (the finalizer of SplitMix64), and never 0, which means an empty slot. */
    private static long entry(long hash) {
        long mixed = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        mixed ^= mixed >>> 31;
        return mixed == 0 ? 1 : mixed;
    }
}
