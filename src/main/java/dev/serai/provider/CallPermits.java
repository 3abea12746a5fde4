package dev.serai.provider;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Bounds the calls of the provider that are under way at once. Who waits longest goes first. Thread-safe. */
public final class CallPermits {
    private final Semaphore permits;

    /** @param most calls at once, at least 1 */
    public CallPermits(int most) {
        permits = new Semaphore(most, true);
    }

    /**
     * Waits for a turn.
     *
     * @return whether it came in time; then it is to be {@link #release released}
     */
    public boolean acquire(Duration patience) throws InterruptedException {
        return permits.tryAcquire(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
    }

    public void release() {
        permits.release();
    }
}
