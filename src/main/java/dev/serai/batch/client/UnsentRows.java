package dev.serai.batch.client;

import dev.serai.batch.Job;
import dev.serai.batch.JobRow;
import dev.serai.batch.JobSpec;
import dev.serai.batch.file.Mistake;
import dev.serai.batch.file.PreparedRows;
import dev.serai.batch.file.ResultFile;
import dev.serai.batch.file.ResultRow;
import dev.serai.loop.UnusableFileException;
import dev.serai.wire.event.StartEventDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a job that only its file knows: bad ones, which were left out, and those that were not uploaded before the job was
 * over. Stateless.
 */
public final class UnsentRows {
    private UnsentRows() {}

    /**
     * Adds those of them to the results that have none, if there are any.
     *
     * @param isStopped when it says so, none is added
     * @param say is told a sentence if they are not known any more
     */
    public static void addTo(
            ResultFile results,
            Job job,
            Path file,
            StartEventDecoder decoder,
            BooleanSupplier isStopped,
            Consumer<String> say)
            throws IOException {
        if (!areThere(job)) {
            return;
        }
        try (PreparedRows rows = read(file, job.spec(), decoder, isStopped)) {
            if (!isStopped.getAsBoolean()) {
                add(rows, job, results);
            }
        } catch (UnusableFileException e) {
            say.accept("which rows were left out, or not uploaded, is not known any more: " + e.getMessage());
        }
    }

    private static boolean areThere(Job job) {
        var input = job.spec().input();
        return (input != null && JobInput.of(input).invalid() > 0) || isUploadCutShort(job);
    }

    private static boolean isUploadCutShort(Job job) {
        return job.isOver() && uploaded(job) < job.spec().rows();
    }

    private static long uploaded(Job job) {
        return job.uploaded() == null ? 0 : job.uploaded().rows();
    }

    /**
     * Reads a job's file as it was read when the job began.
     *
     * @param file where it is now
     * @param decoder as it was
     * @param isStopped asked between rows; when it says so, not all are there
     * @throws UnusableFileException if it cannot be read, or is another one
     */
    public static PreparedRows read(Path file, JobSpec spec, StartEventDecoder decoder, BooleanSupplier isStopped)
            throws IOException, UnusableFileException {
        if (spec.input() == null) {
            throw new UnusableFileException(
                    file, "cannot be read as it was, for how is not known: make a new job of it");
        }
        PreparedRows rows = asItWas(file, spec, decoder, isStopped);
        if (!isStopped.getAsBoolean() && !rows.digest().equals(spec.digest())) {
            rows.close();
            throw another(file, null);
        }
        return rows;
    }

    private static PreparedRows asItWas(Path file, JobSpec spec, StartEventDecoder decoder, BooleanSupplier isStopped)
            throws IOException, UnusableFileException {
        try {
            return PreparedRows.of(
                    file,
                    spec.job(),
                    JobInput.of(Objects.requireNonNull(spec.input())).options(),
                    decoder,
                    spec.startTopic(),
                    spec.createdAt(),
                    isStopped);
        } catch (IllegalArgumentException e) {
            // The options fitted the file that it was: now it lacks a column.
            throw another(file, e);
        }
    }

    private static UnusableFileException another(Path file, @Nullable Exception cause) {
        return new UnusableFileException(
                file,
                "is not what it was when the job began, or the settings of events are not"
                        + (cause == null ? "" : " (" + cause.getMessage() + ")")
                        + ": put it back, or cancel the job and make another of what is left");
    }

    private static void add(PreparedRows rows, Job job, ResultFile results) throws IOException {
        addBad(rows, results);
        if (isUploadCutShort(job)) {
            for (Iterator<JobRow> left = rows.from(uploaded(job)).iterator(); left.hasNext(); ) {
                JobRow row = left.next();
                int number = (int) row.number();
                results.add(ResultRow.unanswered(
                        number,
                        UploadedRows.eventId(row),
                        rows.lines().line(number),
                        "cancelled",
                        "the job was cancelled before this row was uploaded: nothing was opened"));
            }
        }
    }

    /** Adds the bad rows. */
    public static void addBad(PreparedRows rows, ResultFile results) throws IOException {
        for (Mistake bad : rows.badRows().toList()) {
            results.add(ResultRow.invalid(bad));
        }
    }
}
