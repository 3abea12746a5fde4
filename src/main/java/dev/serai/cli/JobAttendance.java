package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUpload;
import dev.serai.batch.client.JobInput;
import dev.serai.batch.client.PatientUpload;
import dev.serai.batch.client.Progress;
import dev.serai.batch.client.ResultCollector;
import dev.serai.batch.file.FailedRows;
import dev.serai.batch.file.PreparedRows;
import dev.serai.batch.file.ResultFile;
import dev.serai.batch.file.ResultTally;
import dev.serai.batch.file.RowLines;
import dev.serai.loop.Counted;
import dev.serai.wire.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Somebody who stays with a job: uploads its rows, shows how far it is, writes its results. For one thread. */
final class JobAttendance {
    private final JobService jobService;
    private final JobTopics topics;
    private final JobDisplay display;
    private final Consumer<String> say;
    private final BooleanSupplier isStopped;

    JobAttendance(
            JobService jobService,
            JobTopics topics,
            JobDisplay display,
            Consumer<String> say,
            BooleanSupplier isStopped) {
        this.jobService = jobService;
        this.topics = topics;
        this.display = display;
        this.say = line -> say.accept(Printable.line(line));
        this.isStopped = isStopped;
    }

    /**
     * Uploads the rows that are not uploaded yet; an outage of Kafka is waited for.
     *
     * @return false if it was stopped before the last row
     */
    boolean upload(JobSpec spec, PreparedRows rows, JobUpload upload) throws IOException {
        return new PatientUpload(
                        rows,
                        () -> JobUpload.open(jobService.kafka(), topics, spec.job()),
                        InstantSource.system(),
                        isStopped,
                        new PatientUpload.Listener() {
                            @Override
                            public void uploaded(long rows) {
                                display.show(new Progress(
                                        spec.job(),
                                        "uploading",
                                        spec.rows(),
                                        rows,
                                        0,
                                        0,
                                        0,
                                        Map.of(),
                                        null,
                                        null,
                                        null,
                                        null));
                            }

                            @Override
                            public void waits(String why) {
                                display.end();
                                say.accept("Kafka takes no rows, and is asked again and again: " + why);
                            }
                        })
                .of(upload);
    }

    /**
     * Waits for the answers.
     *
     * @return null if it was stopped before all were there
     */
    @Nullable
    ResultTally collect(JobSpec spec, RowLines lines, ResultFile results) throws IOException {
        try (ResultCollector collector = new ResultCollector(jobService.kafka(), topics, spec, results, lines)) {
            return collector.await(isStopped, display::show) ? results.tally() : null;
        } finally {
            display.end();
        }
    }

    /** Writes what there is, and says what is not. */
    boolean collectNow(JobSpec spec, RowLines lines, ResultFile results) throws IOException {
        try (ResultCollector collector = new ResultCollector(jobService.kafka(), topics, spec, results, lines)) {
            boolean isOver = collector.writeAll(isStopped).isOver();
            long left = spec.rows() - results.tally().answered();
            if (left > 0) {
                say.accept(left + " of " + spec.rows() + " rows have no result"
                        + (isOver
                                ? ": they were never uploaded, or their replies and rows are kept no more"
                                : " yet: the job is not over"));
            }
            return left == 0;
        }
    }

    /** Says what came of it, and writes the failed rows. */
    int finish(JobSpec spec, ResultTally tally, Path out, @Nullable Path failedOut) throws IOException {
        say.accept("job " + spec.job() + ": " + tally.started() + " of " + spec.rows() + " rows have rooms"
                + (tally.failed().isEmpty() ? "" : "; failed: " + failures(tally))
                + (tally.bad() == 0 ? "" : "; " + tally.bad() + " bad rows were left out") + "; results are in " + out);
        int exitCode = tally.started() == spec.rows() && tally.bad() == 0 ? ExitCode.OK : ExitCode.FAILED;
        display.tell(summary(spec, tally, out, exitCode));
        if (failedOut != null) {
            int failed = FailedRows.write(Path.of(spec.file()), fileDigest(spec), tally, failedOut);
            say.accept(failedOut + " has " + Counted.text(failed, "row") + " to be tried again"
                    + (tally.bad() == 0 ? "" : "; bad rows are not in it: mend them in " + spec.file()));
        }
        return exitCode;
    }

    private static ObjectNode summary(JobSpec spec, ResultTally tally, Path out, int exitCode) {
        ObjectNode summary = Json.MAPPER.createObjectNode();
        summary.put("job", spec.job())
                .put("rows", spec.rows())
                .put("started", tally.started())
                .put("invalid", tally.bad())
                .put("results", out.toString())
                .put("exit_code", exitCode);
        ObjectNode failed = summary.putObject("failed");
        tally.failed().forEach(failed::put);
        return summary;
    }

    private static String failures(ResultTally tally) {
        return String.join(
                ", ",
                tally.failed().entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .toList());
    }

    /** Of the file as it was when the job began; empty if that is not known. */
    static String fileDigest(JobSpec spec) {
        return spec.input() == null ? "" : JobInput.of(spec.input()).fileDigest();
    }

    /** Says, before a failure is told, that it has cost nothing. */
    void sayHowToGoOn(JobSpec spec, ResultOptions options) {
        display.end();
        say.accept("the job stays, with what is uploaded of it: " + resume(spec, options) + " goes on");
    }

    private String resume(JobSpec spec, ResultOptions options) {
        return "./serai provision resume " + spec.job() + (jobService.isEmbedded() ? " --embedded" : "")
                + options.asTyped();
    }

    /** What becomes of the job without this command. */
    int leave(JobSpec spec, boolean isUploaded, ResultOptions options) {
        display.end();
        String resume = resume(spec, options);
        say.accept(
                !isUploaded
                        ? "stopped, with rows left to be uploaded: " + resume + " goes on"
                        : jobService.isEmbedded()
                                ? "stopped, and the job with it: " + resume + " goes on"
                                : "stopped, and the job goes on without this command: " + resume
                                        + " collects the rest; ./serai provision cancel " + spec.job() + " ends it");
        return ExitCode.FAILED;
    }
}
