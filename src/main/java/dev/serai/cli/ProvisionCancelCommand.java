package dev.serai.cli;

import dev.serai.batch.Job;
import dev.serai.batch.JobRun;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUpload;
import dev.serai.batch.JobWatch;
import dev.serai.batch.client.Progress;
import dev.serai.settings.SeraiSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai provision cancel}: no more rooms of a job. */
@Command(
        name = "cancel",
        description = {
            "Has a job hand no more rows to the service, and takes back those that were handed over and have no room yet,"
                    + " at most "
                    + JobRun.MOST_OUTSTANDING
                    + ": they are answered as cancelled. Rooms that are open stay so, until they are closed as their"
                    + " events say.",
            "",
            "Waits up to 30 s until the service has said so."
        },
        exitCodeList = {
            "0:it is cancelled, or was over",
            "1:it was asked for, and no replica has said so yet",
            "2:wrong usage, or no such job",
            "3:invalid settings, or refused by Kafka",
            "130, 143:ended by SIGINT (Ctrl-C), by SIGTERM"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./serai provision cancel 20260301-0800-k3x9q2vb"})
final class ProvisionCancelCommand extends ProvisionJobCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(200);

    @Parameters(paramLabel = "JOB", description = "The job's id.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String id;

    @Option(names = "--json", description = "How far it is as an object of JSON, for machines.")
    private boolean json;

    @Override
    int work() throws Exception {
        SeraiSettings settings = settings().load().values();
        Map<String, Object> kafka = RunningKafka.properties(settings);
        JobTopics topics = topics(settings);
        Job job = job(kafka, settings, id);
        if (!job.isOver()) {
            JobUpload.cancel(kafka, topics, id, by(), Instant.now());
        }
        try (var stop = StopSignal.install();
                JobWatch watch = JobWatch.open(kafka, topics.jobs(), id)) {
            long until = System.nanoTime() + PATIENCE.toNanos();
            Optional<Job> seen = watch.look(Duration.ZERO);
            while (seen.isPresent() && !seen.get().isOver() && System.nanoTime() - until < 0 && !stop.isRequested()) {
                seen = watch.look(LOOK);
            }
            Job now = seen.orElse(job);
            if (json) {
                out().println(Printable.line(
                        Progress.of(now, Instant.now()).json().toString()));
                out().flush();
            } else {
                say(Printable.line(id + ": " + JobDisplay.text(Progress.of(now, Instant.now()))));
            }
            if (!now.isOver()) {
                say(
                        "cancelling was asked for, and no replica has finished it: what was handed over is answered first, or"
                                + " no service runs");
                return ExitCode.FAILED;
            }
            return ExitCode.OK;
        }
    }
}
