package dev.serai.batch.folder;

import dev.serai.batch.Job;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobsReader;
import dev.serai.batch.client.JobInput;
import dev.serai.batch.client.ResultCollector;
import dev.serai.batch.client.UnsentRows;
import dev.serai.batch.file.FailedRows;
import dev.serai.batch.file.PreparedRows;
import dev.serai.batch.file.ResultColumns;
import dev.serai.batch.file.ResultFile;
import dev.serai.batch.file.ResultTally;
import dev.serai.batch.file.RowLines;
import dev.serai.loop.BackgroundLoop;
import dev.serai.loop.OutOfMemory;
import dev.serai.loop.RepeatedWarning;
import dev.serai.loop.UnusableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the results of the accepted files, each on a thread of its own, at most {@value #MOST_AT_ONCE} at once: into a hidden
 * file in the outbox as answers come, which gets its name when the job is over. Then the file is done. After the end of the
 * process it goes on with what is there. Thread-safe.
 */
public final class FolderResults implements AutoCloseable {
    static final int MOST_AT_ONCE = 20;

    private static final Logger LOG = LoggerFactory.getLogger(FolderResults.class);
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final ResultColumns COLUMNS = new ResultColumns(false, false);

    private final JobFolder folder;
    private final Map<String, Thread> collecting = new ConcurrentHashMap<>();
    private final RepeatedWarning trouble = new RepeatedWarning(LOG);
    private volatile boolean closed;
    private volatile @Nullable BackgroundLoop loop;

    /** Starts nothing. */
    public FolderResults(JobFolder folder) {
        this.folder = folder;
    }

    /** Begins to collect; once. */
    public void start() {
        loop = BackgroundLoop.start("serai-folder-results", LOOK_INTERVAL, this::look);
    }

    private void look() throws IOException {
        collecting.values().removeIf(thread -> !thread.isAlive());
        Path accepted = folder.inbox().resolve(JobFolder.ACCEPTED);
        if (!Files.isDirectory(accepted)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> there = Files.list(accepted)) {
            files = there.sorted().toList();
        }
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            if (!JobFolder.jobOfName(name).isEmpty()
                    && !collecting.containsKey(name)
                    && collecting.size() < MOST_AT_ONCE
                    && !closed) {
                // No virtual thread: a consumer that waits for the network holds on to its carrier.
                Thread thread = Thread.ofPlatform()
                        .daemon()
                        .name("serai-results-" + JobFolder.jobOfName(name))
                        .unstarted(() -> collect(file, name));
                collecting.put(name, thread);
                thread.start();
            }
        }
    }

    private void collect(Path file, String name) {
        try {
            collectAll(file, JobFolder.jobOfName(name), JobFolder.nameOf(name));
            trouble.over("results of files in " + folder.inbox() + " are collected again");
        } catch (Exception | Error e) {
            OutOfMemory.endProcessIf(e);
            if (!closed) {
                trouble.met(
                        e.getClass().getName(),
                        "the results of " + name + " cannot be collected, which is tried again: " + e.getMessage());
            }
            LOG.debug("results of {}", name, e);
        }
    }

    private void collectAll(Path file, String id, String name) throws IOException {
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
        ResultTally tally;
        try (ResultFile out = ResultFile.resume(written, COLUMNS, id);
                var collector =
                        new ResultCollector(folder.kafka(), folder.topics(), spec, out, RowLines.of(file, digest))) {
            addUnsent(file, job.get(), out);
            if (!collector.await(() -> closed, progress -> {})) {
                return;
            }
            tally = out.tally();
        }
        Path failed = folder.out(id, name, "failed");
        if (!tally.failed().isEmpty() && !Files.exists(failed)) {
            FailedRows.write(file, digest, tally, failed);
        }
        move(written, results);
        LOG.info("Job {}: {} of {} rows have rooms; results are in {}", id, tally.started(), spec.rows(), results);
        move(file, folder.below(JobFolder.DONE, id, name));
    }

    private void addUnsent(Path file, Job job, ResultFile out) throws IOException {
        if (!UnsentRows.areThere(job)) {
            return;
        }
        try (PreparedRows rows = UnsentRows.read(file, job.spec(), folder.decoder(), () -> closed)) {
            if (!closed) {
                UnsentRows.add(rows, job, out);
            }
        } catch (UnusableFileException e) {
            LOG.warn(
                    "Which rows of job {} were left out is not known any more: {}",
                    job.spec().job(),
                    e.getMessage());
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.createDirectories(to.toAbsolutePath().getParent());
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What was written stays; within two seconds. */
    @Override
    public void close() {
        closed = true;
        BackgroundLoop looking = loop;
        if (looking != null) {
            looking.close();
        }
        long end = System.nanoTime() + CLOSE.toNanos();
        for (Thread thread : collecting.values()) {
            try {
                thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
