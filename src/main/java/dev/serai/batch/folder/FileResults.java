package dev.serai.batch.folder;

import dev.serai.batch.Job;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobsReader;
import dev.serai.batch.client.JobInput;
import dev.serai.batch.client.ResultCollector;
import dev.serai.batch.client.UnsentRows;
import dev.serai.batch.file.FailedRows;
import dev.serai.batch.file.ResultColumns;
import dev.serai.batch.file.ResultFile;
import dev.serai.batch.file.ResultTally;
import dev.serai.batch.file.RowLines;
import dev.serai.loop.OutOfMemory;
import dev.serai.loop.RepeatedWarning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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
    private static final ResultColumns COLUMNS = new ResultColumns(false, false);

    private final JobFolder folder;
    private final Path file;
    private final String nameWithJob;
    private final String id;
    private final String name;
    private final BooleanSupplier closed;
    private final RepeatedWarning trouble = new RepeatedWarning(LOG);
    private volatile @Nullable Thread thread;
    private long turn;
    private long begunAt;
    private volatile boolean givesWay;

    /** Up to where replies were read, by partition, when the last turn gave way; null if there was none. */
    private volatile @Nullable Map<Integer, Long> read;

    /**
     * @param file in the folder of accepted files
     * @param closed whether the service stops
     */
    FileResults(JobFolder folder, Path file, BooleanSupplier closed) {
        this.folder = folder;
        this.file = file;
        this.closed = closed;
        nameWithJob = String.valueOf(file.getFileName());
        id = JobFolder.jobOfName(nameWithJob);
        name = JobFolder.nameOf(nameWithJob);
    }

    /** @param number of the turn, of all files */
    void begin(long number) {
        turn = number;
        begunAt = System.nanoTime();
        givesWay = false;
        // No virtual thread: a consumer that waits for the network holds on to its carrier.
        Thread begun = Thread.ofPlatform().daemon().name("serai-results-" + id).unstarted(this::collect);
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
            collectAll();
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

    private void collectAll() throws IOException {
        Optional<Job> job = JobsReader.find(folder.kafka(), folder.topics().jobs(), id);
        if (job.isEmpty()) {
            LOG.warn("Nothing is known of job {} of {} any more: the file is done, without further results", id, name);
            move(file, folder.below(JobFolder.DONE, id, name));
            return;
        }
        JobSpec spec = job.get().spec();
        String digest = spec.input() == null ? "" : JobInput.of(spec.input()).fileDigest();
        folder.makeOutbox();
        Path results = folder.out(id, name, "results");
        if (Files.exists(results)) {
            move(file, folder.below(JobFolder.DONE, id, name));
            return;
        }
        Path written = results.resolveSibling("." + results.getFileName());
        ResultTally tally = collect(job.get(), digest, written);
        if (tally == null) {
            return;
        }
        writeFailed(digest, tally);
        move(written, results);
        LOG.info("Job {}: {} of {} rows have rooms; results are in {}", id, tally.started(), spec.rows(), results);
        move(file, folder.below(JobFolder.DONE, id, name));
    }

    /** Null if the job is not over yet. */
    private @Nullable ResultTally collect(Job job, String digest, Path written) throws IOException {
        Map<Integer, Long> from = Files.exists(written) ? read : null;
        try (ResultFile out = ResultFile.resume(written, COLUMNS, id);
                var collector = new ResultCollector(
                        folder.kafka(),
                        folder.topics(),
                        job.spec(),
                        from == null ? job.spec().repliesFrom() : from,
                        out,
                        RowLines.of(file, digest))) {
            if (from == null) {
                UnsentRows.addTo(
                        out, job, file, folder.decoder(), closed, lacking -> LOG.warn("Job {}: {}", id, lacking));
            }
            // A file that takes long to be opened would else never come further.
            boolean[] stepped = {false};
            if (collector.await(
                    () -> closed.getAsBoolean() || (givesWay && stepped[0]), progress -> stepped[0] = true)) {
                return out.tally();
            }
            if (!closed.getAsBoolean()) {
                read = collector.positions();
            }
            return null;
        }
    }

    /** The results say which they are, whatever keeps these from being written. */
    private void writeFailed(String digest, ResultTally tally) {
        Path failed = folder.out(id, name, "failed");
        if (tally.failed().isEmpty() || Files.exists(failed)) {
            return;
        }
        try {
            FailedRows.write(file, digest, tally, failed);
        } catch (IOException e) {
            LOG.warn("Job {}: {} is not written: {}", id, failed, e.getMessage());
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.createDirectories(to.toAbsolutePath().getParent());
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
