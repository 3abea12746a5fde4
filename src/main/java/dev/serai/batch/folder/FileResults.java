package dev.serai.batch.folder;

import dev.serai.loop.OutOfMemory;
import dev.serai.loop.RepeatedWarning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The results of one accepted file, collected in turns. A turn ends when the job is over, when it fails, or when it has to give
 * way to others; the next one goes on where it was. Of one thread, but for the turn, which is on a thread of its own.
 */
final class FileResults {
    private static final Logger LOG = LoggerFactory.getLogger(FileResults.class);

    private final ResultCollection collection;
    private final String nameWithJob;
    private final BooleanSupplier closed;
    private final RepeatedWarning trouble = new RepeatedWarning(LOG);
    private volatile @Nullable Thread thread;
    private long turn;
    private long begunAt;
    private volatile boolean givesWay;

    /**
     * @param file in the folder of accepted files
     * @param closed whether the service stops
     */
    FileResults(JobFolder folder, Path file, BooleanSupplier closed) {
        this.closed = closed;
        nameWithJob = String.valueOf(file.getFileName());
        collection = new ResultCollection(folder, file, closed);
    }

    /** @param number of the turn, of all files */
    void begin(long number) {
        turn = number;
        begunAt = System.nanoTime();
        givesWay = false;
        // No virtual thread: a consumer that waits for the network holds on to its carrier.
        String name = "serai-results-" + JobFolder.jobOfName(nameWithJob);
        Thread begun = Thread.ofPlatform().daemon().name(name).unstarted(this::collect);
        thread = begun;
        begun.start();
    }

    /** Ends the turn soon, but not before it has come further. */
    void giveWay() {
        givesWay = true;
    }

    boolean isServed() {
        Thread begun = thread;
        return begun != null && begun.isAlive();
    }

    boolean isServedFor(Duration time) {
        return isServed() && System.nanoTime() - begunAt >= time.toNanos();
    }

    /** The number of its last turn; 0 if it had none. */
    long turn() {
        return turn;
    }

    /** The file's name, with its job. */
    String nameWithJob() {
        return nameWithJob;
    }

    void awaitEnd(Duration patience) throws InterruptedException {
        Thread begun = thread;
        if (begun != null) {
            begun.join(patience);
        }
    }

    private void collect() {
        try {
            collection.goOn(() -> givesWay);
            trouble.over("the results of " + nameWithJob + " are collected again");
        } catch (Exception | Error e) {
            OutOfMemory.endProcessIf(e);
            if (!closed.getAsBoolean()) {
                trouble.met(
                        e.getClass().getName(),
                        "the results of " + nameWithJob + " cannot be collected, which is tried again: "
                                + e.getMessage());
            }
            LOG.debug("results of {}", nameWithJob, e);
        }
    }
}
