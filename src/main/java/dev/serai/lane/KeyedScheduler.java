package dev.serai.lane;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * <p>A key that has work has a lane: a queue of tasks. When there is a place for it, the lane's first task gets a virtual
 * thread of its own, on which nothing is left of another task; when it has ended, the place is anybody's, and a lane whose
 * queue is empty is gone. A task without a key has a lane of its own. Tasks are expected to block.
 *
 * <p>So many tasks run at once as there are places. What waits for one costs its queue entry and no thread. Who goes
 * first, and how places are shared, is up to the tasks' {@link Standing}: see {@link TurnOrder}. A lane stands where its
 * first task does, but is as urgent as the most urgent in its queue, and of the foreground if any of them is. A task that is
 * over, because it was cancelled or its record is another owner's, has only to end. Such tasks have as many places again, of
 * their own, so that they neither wait for the others nor keep places from them.
 *
 * <p>Keys are compared by {@code equals}, {@code byte[]} by content; {@code "a"} and its bytes are two keys. A key must
 * not change while it has work. Other arrays have no useful {@code equals} and are refused.
 *
 * <p>{@link #submit} never blocks and never refuses for want of room, because who submits already holds the task and can
 * only lose it. What waits is bounded by who fetches work.
 *
 * <p>Thread safety: every change of state is made under one lock, so all methods may be called from any thread and each takes
 * effect at one point in time. Nothing foreign but the keys' and flows' {@code equals} and {@code hashCode}, and what standings
 * ask whether a task is over, runs under the lock, and it is never held while something blocks. What one task wrote is visible
 * to the next of its lane, because both pass through the lock in between.
 *
 * @param <T> the kind of task
 */
public final class KeyedScheduler<T extends Runnable> {

    private static final Logger LOG = LoggerFactory.getLogger(KeyedScheduler.class);

    /** What is over does not wait longer than that, as long as tasks come, so that it cannot pile up. */
    private static final long LOOK_FOR_OVER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
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
    private final Turns<Lane<T>> turns;
    private long lookedForOverAt = System.nanoTime();
    private long submitted;
    private int queued;
    private boolean closed;

    /**
     * @param name what the threads and messages are named after
     * @param capacity how many tasks run at once, at least 1
     * @param failures is told, on the task's thread, of a task that threw; its lane goes on with the next
     */
    public KeyedScheduler(String name, int capacity, BiConsumer<? super T, Throwable> failures) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity of " + name + " must be at least 1, was " + capacity);
        }
        this.name = name;
        this.failures = failures;
        turns = new Turns<>(capacity);
        // Thread locals of whoever submits first have no business in the lane.
        this.threads = Thread.ofVirtual()
                .name(name + "-", 1)
                .inheritInheritableThreadLocals(false)
                .factory();
    }

    /** As {@link #submit(Object, Standing, Runnable)}, for a task that stands as {@link Standing#PLAIN}. */
    public void submit(@Nullable Object key, T task) {
        submit(key, Standing.PLAIN, task);
    }

    /**
     * Puts a task at the end of its key's queue and returns at once.
     *
     * @param key null for a task that is in order with no other
     * @throws RejectedExecutionException after {@link #close}; the task will not run
     */
    public void submit(@Nullable Object key, Standing standing, T task) {
        Object laneKey = Lane.key(key);
        Throwable notStarted;
        lock.lock();
        try {
            if (closed) {
                throw new RejectedExecutionException(name + " is closed and takes no more tasks");
            }
            Lane<T> lane = lanes.computeIfAbsent(laneKey, Lane::new);
            lane.add(new Lane.Submitted<>(task, standing, submitted++));
            queued++;
            if (!lane.busy) {
                awaitTurn(lane);
            }
            lookForOver();
            notStarted = startWhatMay();
        } finally {
            lock.unlock();
        }
        report(notStarted);
    }

    private void lookForOver() {
        long now = System.nanoTime();
        if (now - lookedForOverAt >= LOOK_FOR_OVER_NANOS) {
            lookedForOverAt = now;
            lanes.values().stream().filter(lane -> lane.waiting != null).forEach(this::awaitTurn);
        }
    }

    /** The lane, which has a task and is not busy, waits for its turn, as urgent as its tasks are now. */
    private void awaitTurn(Lane<T> lane) {
        Lane.Submitted<T> first = lane.queue.element();
        Standing standing = lane.standing();
        boolean over = standing.over().getAsBoolean();
        TurnOrder.Waiting<Lane<T>> before = lane.waiting;
        if (before != null && Turns.isOver(before)) {
            return;
        }
        if (before != null) {
            if (!over && before.due().equals(standing.due()) && before.flow().equals(standing.flow())) {
                return;
            }
            turns.remove(before);
        }
        lane.waiting = over ? turns.addOver(lane, first.number()) : turns.add(lane, standing, first.number());
    }

    /** A task of this key has come to be over: if it is the first of its lane and waits for its turn, that has come. */
    public void reconsider(Object key) {
        Throwable notStarted;
        lock.lock();
        try {
            Lane<T> lane = lanes.get(Lane.key(key));
            if (lane == null || lane.waiting == null) {
                return;
            }
            awaitTurn(lane);
            notStarted = startWhatMay();
        } finally {
            lock.unlock();
        }
        report(notStarted);
    }

    /** Starts the tasks whose turn it is; what kept it from one, which then still waits, or null. */
    private @Nullable Throwable startWhatMay() {
        for (TurnOrder.Waiting<Lane<T>> next = turns.next(); next != null; next = turns.next()) {
            Lane<T> lane = next.waiter();
            T task = lane.queue.element().task();
            Object flow = next.flow();
            Thread thread = threads.newThread(() -> run(lane, task, flow));
            try {
                // Before anything is written down. The thread's last step is to wait for the lock that is held here.
                thread.start();
            } catch (Throwable noThread) {
                turns.notBegun(next);
                return noThread;
            }
            lane.removeFirst();
            lane.waiting = null;
            lane.thread = thread;
            lane.busy = true;
            queued--;
        }
        return null;
    }

    /** There was no memory for a thread: whoever handles uncaught exceptions hears of it. */
    private static void report(@Nullable Throwable notStarted) {
        if (notStarted != null) {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, notStarted);
        }
    }

    private void run(Lane<T> lane, T task, Object flow) {
        complete(task);
        Throwable notStarted;
        lock.lock();
        try {
            lane.busy = false;
            lane.thread = null;
            turns.ended(flow);
            if (lane.queue.isEmpty()) {
                remove(lane);
            } else {
                awaitTurn(lane);
            }
            notStarted = startWhatMay();
        } finally {
            lock.unlock();
        }
        report(notStarted);
    }

    private void remove(Lane<T> lane) {
        lanes.remove(lane.key);
        if (lanes.isEmpty()) {
            idle.signalAll();
        }
    }

    public LaneLoad load() {
        lock.lock();
        try {
            return new LaneLoad(queued, turns.running(), lanes.size());
        } finally {
            lock.unlock();
        }
    }

    /** Tasks taken and not ended: queued and running. */
    public int held() {
        return load().held();
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
            for (Lane<T> lane : List.copyOf(lanes.values())) {
                lane.queue.forEach(submitted -> neverRan.add(submitted.task()));
                lane.queue.clear();
                lane.urgent.clear();
                TurnOrder.Waiting<Lane<T>> waiting = lane.waiting;
                if (waiting != null) {
                    turns.remove(waiting);
                    lane.waiting = null;
                }
                if (!lane.busy) {
                    remove(lane);
                } else if (lane.thread != null) {
                    // Under the lock a busy lane cannot move on, and with its queue empty it has no next task.
                    // Once only: a second interrupt would hit what the task does to unwind.
                    lane.thread.interrupt();
                    lane.thread = null;
                }
            }
            turns.clearOver();
            queued = 0;
            return neverRan;
        } finally {
            lock.unlock();
        }
    }

    private void complete(T task) {
        try {
            task.run();
        } catch (Throwable failure) {
            try {
                failures.accept(task, failure);
            } catch (Throwable another) {
                LOG.error("The failure of a task in {} could not be reported; its lane goes on", name, another);
            }
        }
    }
}
