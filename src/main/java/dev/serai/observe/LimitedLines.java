package dev.serai.observe;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which of many lines of a log are said: the first {@link #LINES} of each {@link #WINDOW}, and of the others how many there
 * were of each kind. Thread-safe; never blocks.
 *
 * @param <K> the kinds of lines
 */
final class LimitedLines<K extends Comparable<K>> {
    /** In each window: enough to see what fails, and few enough to see what else happens. */
    static final int LINES = 10;

    static final Duration WINDOW = Duration.ofSeconds(10);

    // Guarded by this.
    private int said;
    private final Map<K, Integer> unsaid = new TreeMap<>();

    synchronized boolean mayBeSaid(K kind) {
        if (said < LINES) {
            said++;
            return true;
        }
        unsaid.merge(kind, 1, Integer::sum);
        return false;
    }

    /** Begins anew, and returns what was left out, by kind. */
    synchronized Map<K, Integer> endWindow() {
        Map<K, Integer> left = new TreeMap<>(unsaid);
        unsaid.clear();
        said = 0;
        return left;
    }
}
