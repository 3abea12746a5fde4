package dev.serai.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The pace of a load: turns at fixed times from its creation on. Who is late for some of them has those at once, so that
 * a slow service does not slow its load. For one thread.
 */
public final class Pace {
    private final long begun = System.nanoTime();
    private final int perSecond;
    private long turns;

    private Pace(int perSecond) {
        this.perSecond = perSecond;
    }

    public static Pace perSecond(int turns) {
        return new Pace(turns);
    }

    /** Waits until the next turn is due; the first one is at once. */
    public void awaitTurn() {
        long due = begun + turns++ * TimeUnit.SECONDS.toNanos(1) / perSecond;
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
