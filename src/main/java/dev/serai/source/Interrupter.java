package dev.serai.source;

import java.time.Duration;

/** Interrupts the thread that made it when a time is over, unless it is closed before. For that thread. */
final class Interrupter implements AutoCloseable {
    private final Thread guard;
    private volatile boolean timeOver;

    Interrupter(Duration time) {
        Thread guarded = Thread.currentThread();
        guard = Thread.ofVirtual().name("interrupts-" + guarded.getName()).start(() -> {
            try {
                Thread.sleep(time);
                timeOver = true;
                guarded.interrupt();
            } catch (InterruptedException e) {
                // Closed before.
            }
        });
    }

    boolean isTimeOver() {
        return timeOver;
    }

    /** An interrupt that nobody has noticed is forgotten. */
    @Override
    public void close() {
        guard.interrupt();
        if (timeOver) {
            Thread.interrupted();
        }
    }
}
