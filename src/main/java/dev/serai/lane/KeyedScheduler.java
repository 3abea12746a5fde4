package dev.serai.lane;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks of one key in the order of their submission and one at a time, tasks of different keys side by side.
 *
 * <p>A key that has work has a lane: a queue and one virtual thread. The lane comes with the key's first task; its
 * thread takes task after task, and when it finds the queue empty, lane and thread are gone. A task without a key has a
 * lane of its own. Tasks are expected to block; there is no other limit on how many lanes run at once than what is
 * submitted. A task that throws ends its thread, not its lane: the next task has a fresh one, on which nothing is left
 * of the task that did not clean up.
 *
 * <p>Keys are compared by {@code equals}, {@code byte[]} by content; {@code "a"} and its bytes are two keys. A key must
 * not change while it has work. Other arrays have no useful {@code equals} and are refused.
 *
 * <p>The capacity is a mark, not a wall: {@link #submit} never blocks and never refuses for want of room, because who
 * submits already holds the task and can only lose it. Who fetches work looks at {@link #hasRoom()} first, and overshoots
 * by what one fetch brings at most.
 *
 * <p>Thread safety: every change of state is made under one lock, so all methods may be called from any thread and each
 * takes effect at one point in time. Nothing foreign but the keys' {@code equals} and {@code hashCode} runs under the
 * lock, and it is never held while something blocks. What one task wrote is visible to the next of its lane, because both
 * pass through the lock in between.
 *
 * @param <T> the kind of task
 */
public final class KeyedScheduler<T extends Runnable> {

    private static final Logger LOG = LoggerFactory.getLogger(KeyedScheduler.class);

    private final String name;
    private final int capacity;
    private final BiConsumer<? super T, Throwable> failures;
    private final ThreadFactory threads;

    /*
     * A ReentrantLock, because virtual threads wait for it without pinning their carrier (JDK 21 pins in synchronized,
     * and with it in ConcurrentHashMap.compute). One lock for all keys: it is held for well under a microsecond, and what
     * has to be true of several lanes at once (counts, idle, closed) is then true without further argument.
     */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition idle = lock.newCondition();

    /* Guarded by the lock. A lane is in the map exactly as long as it has a task queued or running. */
    private final Map<Object, Lane<T>> lanes = new HashMap<>();
    private int queued;
    private int running;
    private boolean closed;

    /**
     * @param name what the threads and messages are named after
     * @param capacity the number of tasks, queued and running, from which on there is no room; at least 1
     * @param failures is told, on the lane's thread, of a task that threw; the lane goes on with its next task
     */
    public KeyedScheduler(String name, int capacity, BiConsumer<? super T, Throwable> failures) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity of " + name + " must be at least 1, was " + capacity);
        }
        this.name = name;
        this.capacity = capacity;
        this.failures = failures;
        // Thread locals of whoever submits first have no business in the lane.
        this.threads = Thread.ofVirtual()
                .name(name + "-", 1)
                .inheritInheritableThreadLocals(false)
                .factory();
    }

    /**
     * Puts a task at the end of its key's queue and returns at once.
     *
     * @param key null for a task that is in order with no other
     * @throws RejectedExecutionException after {@link #close}; the task will not run
     */
    public void submit(@Nullable Object key, T task) {
        Object laneKey = laneKey(key);
        lock.lock();
        try {
            if (closed) {
                throw new RejectedExecutionException(name + " is closed and takes no more tasks");
            }
            Lane<T> lane = lanes.get(laneKey);
            if (lane == null) {
                lane = new Lane<>(laneKey);
                lane.thread = threads.newThread(drain(lane));
                // Before anything is written down: should there be no memory for a thread, nothing has happened. The
                // thread's first step is to wait for the lock that is held here.
                lane.thread.start();
                lanes.put(laneKey, lane);
            }
            lane.queue.add(task);
            queued++;
        } finally {
            lock.unlock();
        }
    }

    public LaneLoad load() {
        lock.lock();
        try {
            return new LaneLoad(queued, running, lanes.size(), capacity);
        } finally {
            lock.unlock();
        }
    }

    /** Tasks taken and not ended: queued and running. */
    public int held() {
        return load().held();
    }

    public boolean hasRoom() {
        return load().hasRoom();
    }

    /**
     * Waits until nothing is held.
     *
     * @return whether that came true in time
     */
    public boolean awaitIdle(Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.NANOSECONDS.convert(patience);
            while (!lanes.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = idle.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes no more tasks, waits for those that are held, and when patience is at an end interrupts what runs, once, and
     * gives back what has not begun. It does not wait for what it interrupted: {@link #awaitIdle} does. A caller that is
     * interrupted has no more patience and stays interrupted. May be called again; not to be called by a task, which
     * would wait for itself.
     *
     * @return the tasks that never ran and never will, those of a key in their order; each is given back once
     */
    public List<T> close(Duration patience) {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        try {
            if (awaitIdle(patience)) {
                return List.of();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return abandon();
    }

    private List<T> abandon() {
        lock.lock();
        try {
            List<T> neverRan = new ArrayList<>(queued);
            for (Lane<T> lane : lanes.values()) {
                neverRan.addAll(lane.queue);
                lane.queue.clear();
                // Under the lock a busy lane cannot move on, and with its queue empty it has no next task that the
                // interrupt could hit by mistake. A lane that is not busy finds its queue empty and ends.
                // Once only: a second interrupt would hit what the task does to unwind.
                if (lane.busy && lane.thread != null) {
                    lane.thread.interrupt();
                    lane.thread = null;
                }
            }
            queued = 0;
            return neverRan;
        } finally {
            lock.unlock();
        }
    }

    private Runnable drain(Lane<T> lane) {
        return () -> {
            for (T task = next(lane); task != null; task = next(lane)) {
                if (!completes(task) && goesOnElsewhere(lane)) {
                    return;
                }
            }
        };
    }

    /**
     * Leaves the lane, its last task still to be ended, to a new thread; not if there is no memory for one, which whoever
     * handles uncaught exceptions hears of.
     */
    private boolean goesOnElsewhere(Lane<T> lane) {
        Thread fresh = threads.newThread(drain(lane));
        OutOfMemoryError noMemory;
        lock.lock();
        try {
            fresh.start();
            lane.thread = fresh;
            return true;
        } catch (OutOfMemoryError e) {
            noMemory = e;
        } finally {
            lock.unlock();
        }
        Thread current = Thread.currentThread();
        current.getUncaughtExceptionHandler().uncaughtException(current, noMemory);
        return false;
    }

    /**
     * Ends the lane's current task, if it has one, and begins the next. To find the queue empty and to remove the lane
     * is one step under the lock: a submission comes before it, and its task is found, or after it, and begins a new
     * lane. The new lane cannot overtake the old one, whose last task has ended.
     */
    private @Nullable T next(Lane<T> lane) {
        lock.lock();
        try {
            if (lane.busy) {
                lane.busy = false;
                running--;
            }
            T task = lane.queue.poll();
            if (task == null) {
                lanes.remove(lane.key);
                if (lanes.isEmpty()) {
                    idle.signalAll();
                }
                return null;
            }
            lane.busy = true;
            queued--;
            running++;
            return task;
        } finally {
            lock.unlock();
        }
    }

    private boolean completes(T task) {
        try {
            task.run();
            return true;
        } catch (Throwable failure) {
            report(task, failure);
            return false;
        } finally {
            // A task's interrupt status is its own. None of close's can be lost here: after one there is no next task.
            Thread.interrupted();
        }
    }

    private void report(T task, Throwable failure) {
        try {
            failures.accept(task, failure);
        } catch (Throwable another) {
            LOG.error("The failure of a task in {} could not be reported; its lane goes on", name, another);
        }
    }

    private static Object laneKey(@Nullable Object key) {
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

    private static final class Lane<T> {
        final Object key;
        final Queue<T> queue = new ArrayDeque<>();

        @Nullable
        Thread thread;

        boolean busy;

        Lane(Object key) {
            this.key = key;
        }
    }
}
