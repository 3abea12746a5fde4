package dev.serai.cli;

import dev.serai.batch.Job;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUpload;
import dev.serai.batch.client.RowRoom;
import dev.serai.batch.client.UnsentRows;
import dev.serai.batch.client.UploadedRows;
import dev.serai.batch.file.PreparedRows;
import dev.serai.batch.file.ResultFile;
import dev.serai.batch.file.ResultTally;
import dev.serai.batch.file.RowLines;
import dev.serai.batch.file.UnfitFileException;
import dev.serai.loop.Counted;
import dev.serai.loop.UnusableFileException;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.event.StartEventDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai provision resume}: goes on with a job. */
@Command(
        name = "resume",
        description = {
            "Goes on with a job whose command has ended: uploads the rows that are left, from the job's file, which"
                    + " must be as it was, and waits for the results. Those that RESULTS has already are not written"
                    + " again; a last line that was cut off is.",
            "",
            "What is uploaded the service does whether a command waits or not."
        },
        exitCodeList = {
            "0:all rows have rooms; with --detach: all are uploaded",
            "1:some have none, or it was not seen to its end",
            "2:wrong usage, no such job, or its file is another one",
            "3:invalid settings, or refused by Kafka",
            "130, 143:ended by SIGINT (Ctrl-C), by SIGTERM; standard error says how to go on"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai provision resume 20260301-0800-k3x9q2vb --out rooms.csv",
            "  ./serai provision resume 20260301-0800-k3x9q2vb --detach"
        })
final class ProvisionResumeCommand extends ProvisionJobCommand {
    @Parameters(paramLabel = "JOB", description = "The job's id.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String id;

    @Mixin
    private final ResultOptions resultOptions = new ResultOptions();

    @Option(names = "--detach", description = "End when all rows are uploaded; the service goes on.")
    private boolean isDetached;

    @Option(names = "--embedded", description = "Of a job that was begun with --embedded.")
    private boolean isEmbedded;

    @Option(names = "--json", description = "Objects of JSON on standard output, one a line, for machines.")
    private boolean json;

    @Override
    int work() throws Exception {
        Path out = isDetached ? null : resultOptions.required(false);
        if (isDetached && (isEmbedded || resultOptions.out() != null)) {
            throw usage("--detach leaves the job to a service that runs, and its results to provision results:"
                    + " without --embedded, and without --out");
        }
        try (var stop = StopSignal.install();
                JobService jobService = jobService(isEmbedded)) {
            SeraiSettings settings = settings().load().values();
            Job job = job(jobService.kafka(), settings, id);
            if (resultOptions.failedOut() != null) {
                resultOptions.requireFitting(Path.of(job.spec().file()));
            }
            JobDisplay display = JobEvents.display(json, out(), err());
            JobAttendance attendance =
                    new JobAttendance(jobService, topics(settings), display, this::say, stop::isRequested);
            try (ResultFile results = out == null ? null : results(out)) {
                return resume(settings, jobService, job, attendance, results, out, stop::isRequested);
            }
        }
    }

    private ResultFile results(Path out) throws IOException {
        try {
            return ResultFile.resume(out, resultOptions.columns(), id);
        } catch (UnfitFileException e) {
            throw usage("--out: " + e.getMessage());
        }
    }

    private int resume(
            SeraiSettings settings,
            JobService jobService,
            Job job,
            JobAttendance attendance,
            @Nullable ResultFile results,
            @Nullable Path out,
            BooleanSupplier isStopped)
            throws IOException, InterruptedException {
        JobSpec spec = job.spec();
        RowLines lines = RowLines.of(Path.of(spec.file()), JobAttendance.fileDigest(spec));
        boolean isUploaded =
                job.isOver() || (job.uploaded() != null && job.uploaded().complete());
        Path file = Path.of(spec.file());
        StartEventDecoder decoder = JobEvents.decoder(settings, spec.tenant());
        if (!isUploaded) {
            try (PreparedRows rows = UnsentRows.read(file, spec, decoder, isStopped)) {
                if (results != null && !isStopped.getAsBoolean()) {
                    UnsentRows.addBad(rows, results);
                }
                if (!upload(topics(settings), jobService, spec, rows, attendance)) {
                    return attendance.leave(spec, false, resultOptions);
                }
            } catch (UnusableFileException e) {
                throw usage(String.valueOf(e.getMessage()));
            }
        } else if (results != null) {
            UnsentRows.addTo(results, job, file, decoder, isStopped, this::say);
        }
        if (results == null || out == null) {
            say(
                    job.isOver()
                            ? "the job is over: nothing is left to be uploaded"
                            : Counted.text(spec.rows(), "row") + " uploaded: the service goes on");
            return ExitCode.OK;
        }
        ResultTally tally = attendance.collect(spec, lines, results);
        if (tally == null) {
            return attendance.leave(spec, true, resultOptions);
        }
        int exitCode = attendance.finish(spec, tally, out, resultOptions.failedOut());
        JobEvents.awaitClosing(jobService, longestRoom(jobService, settings, job), this::say, isStopped);
        return exitCode;
    }

    /** Rows may say it themselves. */
    private static Duration longestRoom(JobService jobService, SeraiSettings settings, Job job) {
        return jobService.isEmbedded()
                ? UploadedRows.longestRoom(
                        jobService.kafka(), topics(settings), job.spec().job())
                : Duration.ZERO;
    }

    private static boolean upload(
            JobTopics topics, JobService jobService, JobSpec spec, PreparedRows rows, JobAttendance attendance)
            throws IOException, InterruptedException, UnusableFileException {
        try (JobUpload upload = JobUpload.open(jobService.kafka(), topics, spec.job())) {
            RowRoom.require(Path.of(spec.file()), rows, jobService.kafka(), topics, spec.startTopic());
            return attendance.upload(spec, rows, upload);
        }
    }
}
