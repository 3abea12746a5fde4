package dev.serai.route;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How much memory what is decoded may take at any time. Whoever decodes takes a part by weight before and gives it back
 * when the outcome is no longer needed. What is light takes none and never waits; what is heavy waits in its order until
 * there is room. What is heavier than the whole budget gets the whole of it, and is alone then.
 *
 * <p>Not to be waited for by who holds a part of the same budget: they could wait for each other for ever. Thread-safe.
 */
public final class DecodingBudget {
    /** What a permit of the semaphore stands for: their number is an {@code int}. */
    private static final int UNIT = 1024;

    private final long light;
    private final int units;
    private final Semaphore free;

    private enum State {
        WANTED,
        TAKEN,
        CLOSED
    }

    /**
     * A part of the budget, from before it is taken until it is given back, so that it cannot get lost between the two.
     * Thread-safe, but taken by one thread once.
     */
    public static final class Part implements AutoCloseable {
        /** Of what is light, and of what was not decoded. */
        static final Part NONE = new Part(new Semaphore(0), 0);

        private final Semaphore budget;
        private final int units;
        private final AtomicReference<State> state = new AtomicReference<>(State.WANTED);

        private Part(Semaphore budget, int units) {
            this.budget = budget;
            this.units = units;
        }

        /** Waits until it is there. */
        public void take() throws InterruptedException {
            if (units > 0) {
                budget.acquire(units);
                taken();
            }
        }

        /** As {@link #take}, and interrupts have to wait, too: for what must not get lost and soon gets its part. */
        public void takeUninterruptibly() {
            if (units > 0) {
                budget.acquireUninterruptibly(units);
                taken();
            }
        }

        private void taken() {
            if (!state.compareAndSet(State.WANTED, State.TAKEN)) {
                budget.release(units);
            }
        }

        /** Gives it back if it was taken; again and again does no harm. */
        @Override
        public void close() {
            if (state.getAndSet(State.CLOSED) == State.TAKEN) {
                budget.release(units);
            }
        }
    }

    /**
     * @param bytes for all that is heavy together
     * @param light what weighs at most so many bytes is not counted
     */
    public DecodingBudget(long bytes, long light) {
        this.light = light;
        units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
        free = new Semaphore(units, true);
    }

    /**
     * A part that is yet to be taken.
     *
     * @param weight in bytes of memory
     */
    public Part part(long weight) {
        return weight <= light ? Part.NONE : new Part(free, Math.clamp((weight + UNIT - 1) / UNIT, 1, units));
    }

    /** Bytes that are taken. */
    public long taken() {
        return (long) (units - free.availablePermits()) * UNIT;
    }

    /** How many wait, roughly. */
    public int waiting() {
        return free.getQueueLength();
    }
}
