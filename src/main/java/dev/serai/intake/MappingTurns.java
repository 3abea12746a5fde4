package dev.serai.intake;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Lets as many records be mapped at once as there are processors, of all intakes together: more would be no faster, and each
 * holds the tree that its record is. An intake has no more records than that in the queue, however many of its own wait, so
 * that one whose records take long does not make those of the others wait for all of them. First come, first served, but for
 * that. Thread-safe.
 */
final class MappingTurns {
    private final int atOnce;
    private final Semaphore all;
    private final Map<String, Semaphore> ofIntakes = new ConcurrentHashMap<>();

    /** @param atOnce how many at once, at least 1 */
    MappingTurns(int atOnce) {
        this.atOnce = atOnce;
        all = new Semaphore(atOnce, true);
    }

    /** Waits for a turn, takes it, and gives it back. */
    void take(String intake, Runnable work) throws InterruptedException {
        Semaphore own = ofIntakes.computeIfAbsent(intake, first -> new Semaphore(atOnce, true));
        own.acquire();
        try {
            all.acquire();
            try {
                work.run();
            } finally {
                all.release();
            }
        } finally {
            own.release();
        }
    }
}
