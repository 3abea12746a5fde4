package dev.serai.session;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all loads of open sessions may hold together while they are read in: a topic may have many times what is kept. Whoever
 * comes beyond it drops its own earliest. Thread-safe.
 */
final class LoadBudget {
    private final long most;
    private final AtomicLong held = new AtomicLong();

    /** @param most in bytes */
    LoadBudget(long most) {
        this.most = most;
    }

    void take(long bytes) {
        held.addAndGet(bytes);
    }

    void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    boolean isExceeded() {
        return held.get() > most;
    }
}
