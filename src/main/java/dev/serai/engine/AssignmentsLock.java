package dev.serai.engine;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The one lock of what this process owns of the start topic, and the signal that something of it has changed. Held for short
 * work in memory only, so that nobody waits for it. Reentrant: what is done under it may call what takes it. Thread-safe.
 */
final class AssignmentsLock {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    void run(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    <T> T get(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Has all who wait look again. Under the lock. */
    void signal() {
        changed.signalAll();
    }

    /**
     * Waits until it is so, or patience is over; gives the lock up meanwhile. Who is interrupted while waiting stays interrupted,
     * and waits no more.
     *
     * @param until is asked under the lock
     * @return whether it is so; false after an interrupt
     */
    boolean await(BooleanSupplier until, Duration patience) {
        return await(until, remaining(patience));
    }

    /** @param nanosLeft of the patience, as it is each time; is asked under the lock */
    boolean await(BooleanSupplier until, LongSupplier nanosLeft) {
        lock.lock();
        try {
            awaitChange(until, nanosLeft);
            return until.getAsBoolean();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * As {@link #await(BooleanSupplier, Duration)}, for a thread whose interrupt is to end it.
     *
     * @throws InterruptedException if it is interrupted, before or meanwhile
     */
    void awaitInterruptibly(BooleanSupplier until, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitChange(until, remaining(patience));
        } finally {
            lock.unlock();
        }
    }

    private void awaitChange(BooleanSupplier until, LongSupplier nanosLeft) throws InterruptedException {
        while (!until.getAsBoolean()) {
            long left = nanosLeft.getAsLong();
            if (left <= 0) {
                return;
            }
            var unused = changed.awaitNanos(left);
        }
    }

    private static LongSupplier remaining(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        return () -> end - System.nanoTime();
    }
}
