package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.Job;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobsReader;
import dev.serai.batch.client.Progress;
import dev.serai.settings.SeraiSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai provision status}: how far jobs are. */
@Command(
        name = "status",
        description = "Says how far a job is, as the service counts, or all jobs, the oldest first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai provision status",
            "  ./serai provision status 20260301-0800-k3x9q2vb",
            "  ./serai provision status --json"
        })
final class ProvisionStatusCommand extends ProvisionJobCommand {
    @Parameters(paramLabel = "JOB", arity = "0..1", description = "The job's id (default: all jobs).")
    private @Nullable String id;

    @Option(names = "--json", description = "An object of JSON for each job, one a line.")
    private boolean json;

    @Override
    int work() throws Exception {
        SeraiSettings settings = settings().load().values();
        Map<String, Object> kafka = RunningKafka.properties(settings);
        List<Job> jobs =
                id == null ? JobsReader.all(kafka, topics(settings).jobs()) : List.of(job(kafka, settings, id));
        jobs.forEach(this::print);
        out().flush();
        if (jobs.isEmpty()) {
            say("there are no jobs on " + topics(settings).jobs() + " of " + RunningKafka.text(settings, kafka));
        }
        return ExitCode.OK;
    }

    private void print(Job job) {
        Progress progress = Progress.of(job, Instant.now());
        JobSpec spec = job.spec();
        if (json) {
            ObjectNode object = progress.json();
            object.put("file", spec.file())
                    .put("created_at", spec.createdAt().toString())
                    .put("created_by", spec.createdBy())
                    .put("at", job.run() == null ? null : job.run().at().toString());
            out().println(Printable.line(object.toString()));
            return;
        }
        out().println(Printable.line(spec.job() + "  " + progress.state() + "  "
                + (job.isOver() || job.isCancelled() ? JobDisplay.counts(progress) : JobDisplay.text(progress))));
        if (id != null) {
            out().println(Printable.line("  file " + Path.of(spec.file()).getFileName() + ", by " + spec.createdBy()
                    + " at " + spec.createdAt().truncatedTo(ChronoUnit.SECONDS)));
            out().println(Printable.line(
                    job.run() == null
                            ? "  no replica has begun with it"
                            : "  run by " + progress.by() + ", last heard of at "
                                    + job.run().at().truncatedTo(ChronoUnit.SECONDS) + "; " + progress.published()
                                    + " events handed over"));
        }
    }
}
