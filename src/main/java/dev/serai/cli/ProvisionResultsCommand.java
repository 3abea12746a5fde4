package dev.serai.cli;

import dev.serai.batch.Job;
import dev.serai.batch.JobSpec;
import dev.serai.batch.client.UnsentRows;
import dev.serai.batch.file.ResultFile;
import dev.serai.batch.file.RowLines;
import dev.serai.settings.SeraiSettings;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai provision results}: what there is of a job's rooms. */
@Command(
        name = "results",
        description = {
            "Writes the results of a job to a new file: what there is of them now, from the topic of replies. Of"
                    + " several answers to a row the one with a room counts, or else the last. Of a job that is over, rows"
                    + " without an answer are named, too.",
            "",
            "Which lines the rows are in, and the rows for --failed-out, are read from the job's file, if it is there"
                    + " as it was."
        },
        exitCodeList = {
            "0:all rows have rooms",
            "1:some have none, or no result yet",
            "2:wrong usage, or no such job",
            "3:invalid settings, or refused by Kafka",
            "130, 143:ended by SIGINT (Ctrl-C), by SIGTERM"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai provision results 20260301-0800-k3x9q2vb --out rooms.csv",
            "  ./serai provision results 20260301-0800-k3x9q2vb --out rooms.jsonl --redact --failed-out failed.csv"
        })
final class ProvisionResultsCommand extends ProvisionJobCommand {
    @Parameters(paramLabel = "JOB", description = "The job's id.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String id;

    @Mixin
    private final ResultOptions resultOptions = new ResultOptions();

    @Option(names = "--json", description = "What there is as an object of JSON, for machines.")
    private boolean json;

    @Override
    int work() throws Exception {
        Path out = resultOptions.required(true);
        try (var stop = StopSignal.install();
                JobService jobService = jobService(false)) {
            SeraiSettings settings = settings().load().values();
            Job job = job(jobService.kafka(), settings, id);
            JobSpec spec = job.spec();
            resultOptions.requireFitting(Path.of(spec.file()));
            RowLines lines = RowLines.of(Path.of(spec.file()), JobAttendance.fileDigest(spec));
            JobDisplay display = JobEvents.display(json, out(), err());
            JobAttendance attendance =
                    new JobAttendance(jobService, topics(settings), display, this::say, stop::isRequested);
            try (ResultFile results = ResultFile.create(out, resultOptions.columns())) {
                UnsentRows.addTo(
                        results,
                        job,
                        Path.of(spec.file()),
                        JobEvents.decoder(settings, spec.tenant()),
                        stop::isRequested,
                        this::say);
                boolean isAll = attendance.collectNow(spec, lines, results);
                int exitCode = attendance.finish(spec, results.tally(), out, resultOptions.failedOut());
                return isAll ? exitCode : ExitCode.FAILED;
            }
        }
    }
}
