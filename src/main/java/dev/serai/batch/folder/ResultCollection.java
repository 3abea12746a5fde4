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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects the results of one accepted file into the outbox, a turn of {@link FileResults} at a time. For one turn at once. */
final class ResultCollection {
    /** What it says is said of the file's results. */
    private static final Logger LOG = LoggerFactory.getLogger(FileResults.class);

    private static final ResultColumns COLUMNS = new ResultColumns(false, false);

    private final JobFolder folder;
    private final Path file;
    private final String id;
    private final String name;
    private final BooleanSupplier closed;

    /** Up to where replies were read, by partition, when the last turn gave way; null if there was none. */
    private volatile @Nullable Map<Integer, Long> read;

    /**
     * @param file in the folder of accepted files
     * @param closed whether the service stops
     */
    ResultCollection(JobFolder folder, Path file, BooleanSupplier closed) {
        this.folder = folder;
        this.file = file;
        this.closed = closed;
        String nameWithJob = String.valueOf(file.getFileName());
        id = JobFolder.jobOfName(nameWithJob);
        name = JobFolder.nameOf(nameWithJob);
    }

    /**
     * Goes on where it was: until the job is over and its results are in the outbox, or it has to give way.
     *
     * @param givesWay whether it ends before, but not without having come further
     */
    void goOn(BooleanSupplier givesWay) throws IOException {
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
        ResultTally tally = collect(job.get(), digest, written, givesWay);
        if (tally == null) {
            return;
        }
        writeFailed(digest, tally);
        move(written, results);
        LOG.info("Job {}: {} of {} rows have rooms; results are in {}", id, tally.started(), spec.rows(), results);
        move(file, folder.below(JobFolder.DONE, id, name));
    }

    /** Null if the job is not over yet. */
    private @Nullable ResultTally collect(Job job, String digest, Path written, BooleanSupplier givesWay)
            throws IOException {
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
                    () -> closed.getAsBoolean() || (givesWay.getAsBoolean() && stepped[0]),
                    progress -> stepped[0] = true)) {
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
