package dev.serai.lane;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A key's queue of tasks, and what runs of it. Guarded by the lock of its {@link KeyedScheduler}. */
final class Lane<T> {
    /**
     * A task as it was submitted.
     *
     * @param number in the order of submission
     */
    record Submitted<T>(T task, Standing standing, long number) {}

    final Object key;
    final ArrayDeque<Submitted<T>> queue = new ArrayDeque<>();

    /** Those of the queue behind which nothing goes before them: the first is the most urgent of all. */
    final ArrayDeque<Submitted<T>> urgent = new ArrayDeque<>();

    /** Its place among those that wait for a turn; null while it is busy. */
    TurnOrder.@Nullable Waiting<Lane<T>> waiting;

    @Nullable
    Thread thread;

    boolean busy;

    Lane(Object key) {
        this.key = key;
    }

    void add(Submitted<T> last) {
        queue.add(last);
        while (!urgent.isEmpty() && last.standing.goesBefore(urgent.getLast().standing)) {
            urgent.removeLast();
        }
        urgent.add(last);
    }

    /**
     * How it stands among other lanes: where its first task does, but as urgent as the most urgent in its queue; and if that is
     * of the foreground, which waits for the first, the place is that one's flow's.
     */
    Standing standing() {
        Standing first = queue.element().standing;
        if (urgent.element().number == queue.element().number) {
            return first;
        }
        Standing most = urgent.element().standing;
        return new Standing(
                most.rank() == first.rank() ? first.flow() : most.flow(), most.rank(), most.due(), first.over());
    }

    void removeFirst() {
        if (queue.remove().number == urgent.element().number) {
            urgent.remove();
        }
    }

    /** What a key is compared by; each task without one has a key of its own. */
    static Object key(@Nullable Object key) {
        if (key == null) {
            return new Object();
        }
        if (key instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        }
        if (key.getClass().isArray()) {
            throw new IllegalArgumentException("a key must have an equals of its own, "
                    + key.getClass().getSimpleName() + " has not; of arrays only byte[] is compared by content");
        }
        return key;
    }
}
