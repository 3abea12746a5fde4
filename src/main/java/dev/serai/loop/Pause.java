package dev.serai.loop;

import java.time.Duration;

/** Pauses before something is tried again: each is twice as long as the one before, within bounds. Thread-safe. */
public final class Pause {
    private final Duration shortest;
    private final Duration longest;
    private Duration next;

    public Pause(Duration shortest, Duration longest) {
        this.shortest = shortest;
        this.longest = longest;
        next = shortest;
    }

    /** How long it is now; the next one is longer. */
    public synchronized Duration longer() {
        Duration now = next;
        Duration twice = now.multipliedBy(2);
        next = twice.compareTo(longest) < 0 ? twice : longest;
        return now;
    }

    /** It went well: the next one is the shortest. */
    public synchronized void over() {
        next = shortest;
    }
}
