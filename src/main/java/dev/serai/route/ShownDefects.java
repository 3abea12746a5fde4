package dev.serai.route;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The defects whose stack trace the log has: one of each place and kind, so that it is not flooded with the same. Thread-safe.
 */
public final class ShownDefects {
    /** A process has a handful of them. */
    private static final int SHOWN_AT_MOST = 200;

    private final Set<String> shown = ConcurrentHashMap.newKeySet();

    /**
     * Whether its stack trace is to be shown: once for each place and kind.
     *
     * @param place where it was met, such as a step
     */
    public boolean isNews(String place, Throwable defect) {
        return shown.size() < SHOWN_AT_MOST
                && shown.add(place + " " + FailureText.root(defect).getClass().getName());
    }
}
