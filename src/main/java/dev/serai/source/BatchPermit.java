package dev.serai.source;

import dev.serai.wire.Priority;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A batch event's permit to be among those that may ask a source at the same time, so that live callers find look-ups free; a
 * live caller needs none. To be taken again for each look-up, and given back between two of them: the next one can be long
 * after. Not thread-safe: it belongs to its event.
 */
final class BatchPermit implements AutoCloseable {
    private final @Nullable Semaphore permits;
    private boolean taken;

    BatchPermit(Semaphore ofBatches, Priority priority) {
        permits = priority == Priority.BATCH ? ofBatches : null;
    }

    /** Waits for it, but not longer than until then by {@link System#nanoTime}: who comes too late asks without. */
    void take(long deadline) throws InterruptedException {
        if (permits != null && !taken) {
            taken = permits.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    /** Whether it is to be given back. */
    boolean isTaken() {
        return taken;
    }

    /** Gives it back if it was taken; again without effect. */
    @Override
    public void close() {
        if (permits != null && taken) {
            taken = false;
            permits.release();
        }
    }
}
