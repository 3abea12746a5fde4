package dev.serai.conversation;

import dev.serai.wire.Priority;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How much memory what is decoded may take at any time, and on which threads what is heavy is decoded. Whoever decodes takes a
 * part by weight before and gives it back when the outcome is no longer needed. What is light takes none and never waits; what
 * is heavy waits in its order until there is room. Batch events wait for half of it first, which they share, so that not all
 * that waits for the whole is theirs. What is heavier than the whole budget gets the whole of it, and is alone then.
 *
 * <p>What is heavy is decoded by threads of the platform, half as many as there are cores. Virtual threads share theirs
 * without being interrupted, and one that gets a part wakes up on the very core that another one has just let go of: of
 * 200 heavy events, one after another went on in that way, and light ones were not even begun before all were through
 * (measured: 4.7 s with two cores).
 *
 * <p>Not to be waited for by who holds a part of the same budget: they could wait for each other for ever. Thread-safe.
 */
public final class DecodingBudget implements AutoCloseable {
    /** Heavy ones are rare. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    /** What a permit of the semaphore stands for: their number is an {@code int}. */
    private static final int UNIT = 1024;

    private final long light;
    private final int units;
    private final Semaphore free;
    private final int unitsOfBatches;
    private final Semaphore freeForBatches;
    private final ThreadPoolExecutor heavy;

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
        static final Part NONE = new Part(new Semaphore(0), 0, null);

        private final Semaphore budget;
        private final int units;
        private final @Nullable Part before;
        private final AtomicReference<State> state = new AtomicReference<>(State.WANTED);

        /** @param before is taken first, and given back with this one */
        private Part(Semaphore budget, int units, @Nullable Part before) {
            this.budget = budget;
            this.units = units;
            this.before = before;
        }

        /** Waits until it is there. */
        public void take() throws InterruptedException {
            if (before != null) {
                before.take();
            }
            if (units > 0) {
                budget.acquire(units);
                taken();
            }
        }

        /** As {@link #take}, and interrupts have to wait, too: for what must not get lost and soon gets its part. */
        public void takeUninterruptibly() {
            if (before != null) {
                before.takeUninterruptibly();
            }
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
            if (before != null) {
                before.close();
            }
        }
    }

    /**
     * @param what is decoded, for the names of threads
     * @param bytes for all that is heavy together
     * @param light what weighs at most so many bytes is not counted
     */
    public DecodingBudget(String what, long bytes, long light) {
        this.light = light;
        units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
        free = new Semaphore(units, true);
        unitsOfBatches = Math.ceilDiv(units, 2);
        freeForBatches = new Semaphore(unitsOfBatches, true);
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        heavy = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                // No longer than what has a part.
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform()
                        .daemon()
                        .name("serai-decode-" + what + "-", 1)
                        .factory());
        heavy.allowCoreThreadTimeOut(true);
    }

    /**
     * A part that is yet to be taken.
     *
     * @param weight in bytes of memory
     */
    public Part part(long weight) {
        return part(weight, Priority.LIVE);
    }

    /** The same for an event of this priority. */
    Part part(long weight, Priority priority) {
        if (weight <= light) {
            return Part.NONE;
        }
        int wanted = Math.clamp((weight + UNIT - 1) / UNIT, 1, units);
        return new Part(
                free,
                wanted,
                priority == Priority.LIVE ? null : new Part(freeForBatches, Math.min(wanted, unitsOfBatches), null));
    }

    /**
     * Decodes, and returns when that is done; interrupts wait.
     *
     * @param part that was taken for it
     * @throws RejectedExecutionException after {@link #close}, if it is heavy
     */
    public <T> T decode(Part part, Supplier<T> decoding) {
        if (part.units == 0) {
            return decoding.get();
        }
        try {
            return CompletableFuture.supplyAsync(decoding, heavy).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }

    /** What is being decoded ends; nothing heavy is begun any more. */
    @Override
    public void close() {
        heavy.shutdown();
    }

    /** Bytes that are taken. */
    public long taken() {
        return (long) (units - free.availablePermits()) * UNIT;
    }

    /** How many wait, roughly. */
    public int waiting() {
        return free.getQueueLength() + freeForBatches.getQueueLength();
    }
}
