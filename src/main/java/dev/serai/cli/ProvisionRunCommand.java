package dev.serai.cli;

import dev.serai.batch.JobId;
import dev.serai.batch.client.JobRequest;
import dev.serai.batch.file.InputOptions;
import dev.serai.batch.file.Mistakes;
import dev.serai.batch.file.PreparedRows;
import dev.serai.loop.UnusableFileException;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.Secrets;
import dev.serai.wire.StartConversation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai provision run}: makes a job of a file. */
@Command(
        name = "run",
        description = {
            "Makes a job of a file, whose rows become start events when they are needed, waits for the rooms, and writes"
                    + " them to a file of results. The job's id is printed first.",
            "",
            "FILE is CSV with a header, whose delimiter and encoding are seen, or JSON Lines. Columns of fields' names are"
                    + " these fields, dynamic_info.text or end_user_metadata.class among them. All rows are looked at before"
                    + " anything is sent. --set FIELD=VALUE sets a field of every event; with a key that begins with"
                    + " serai. it is a setting.",
            "",
            "The running service does the job, behind live callers: this command may end, and provision resume goes on"
                    + " with the results."
        },
        exitCodeList = {
            "0:all rows have rooms; with --detach: all are uploaded; with --dry-run: all are good",
            "1:some have none, or it was not seen to its end; or nothing was sent, as while Kafka does not answer",
            "2:wrong usage, or bad rows: nothing was sent",
            "3:invalid settings, or refused by Kafka",
            "130, 143:ended by SIGINT (Ctrl-C), by SIGTERM; standard error says how to go on"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai provision run learners.csv --dry-run",
            "  ./serai provision run learners.csv --out rooms.csv --failed-out failed.csv --row-id learner",
            "  ./serai provision run visits.csv --at-column when --zone Europe/Berlin --close-after 20m --out rooms.csv",
            "  ./serai provision run learners.jsonl --window 08:00-18:00 --max-open 9 --detach"
        })
final class ProvisionRunCommand extends ProvisionJobCommand {
    @Parameters(paramLabel = "FILE", description = "The rows.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Mixin
    private final RowOptions rowOptions = new RowOptions();

    @Mixin
    private final TimeOptions timeOptions = new TimeOptions();

    @Mixin
    private final JobPaceOptions paceOptions = new JobPaceOptions();

    @Mixin
    private final ResultOptions resultOptions = new ResultOptions();

    @Option(
            names = "--dry-run",
            description = "Look at the file, say what would be done and how long it takes, and end.")
    private boolean isDryRun;

    @Option(names = "--detach", description = "End when all rows are uploaded; the service goes on.")
    private boolean isDetached;

    @Option(
            names = "--embedded",
            description = "For small jobs without a Kafka: with a broker and the service in this process.")
    private boolean isEmbedded;

    @Option(names = "--json", description = "Objects of JSON on standard output, one a line, for machines.")
    private boolean json;

    @Override
    int work() throws Exception {
        InputOptions input;
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Map<String, String> fields = settings().takeFields();
        input = timeOptions.input(rowOptions, fields, now);
        boolean isWithoutResults = isDryRun || (isDetached && resultOptions.out() == null);
        Path out = isWithoutResults ? null : resultOptions.required(true);
        if (isDetached && (isEmbedded || out != null || resultOptions.failedOut() != null)) {
            throw usage("--detach leaves the job to a service that runs, and its results to provision results:"
                    + " without --embedded, and without --out");
        }
        SeraiSettings settings = settings().load().values();
        if (isEmbedded) {
            requireNoKafka(settings);
        }
        String job = JobId.create(now);
        try (var stop = StopSignal.install();
                PreparedRows rows = prepare(settings, job, input, now, stop::isRequested)) {
            if (stop.isRequested()) {
                return ExitCode.FAILED;
            }
            resultOptions.requireFitting(file);
            JobForecast forecast = new JobForecast(
                    rows,
                    settings,
                    input,
                    tenant(input),
                    paceOptions.rate(),
                    paceOptions.maxOpen(),
                    timeOptions.window(),
                    now);
            boolean isGood = rows.rows() > 0 && (rows.invalid() == 0 || input.skipsInvalid());
            if (isDryRun) {
                report(forecast, rows);
                return isGood ? ExitCode.OK : ExitCode.WRONG_USAGE;
            }
            sayMistakes(rows);
            if (!isGood) {
                if (json) {
                    out().println(Printable.line(forecast.json().toString()));
                    out().flush();
                }
                say("nothing was sent: mend the rows, or leave them out with --skip-invalid");
                return ExitCode.WRONG_USAGE;
            }
            if (!json) {
                forecast.lines().forEach(line -> say(Printable.line(line)));
            }
            try (JobService jobService = jobService(isEmbedded)) {
                NewJob made = new NewJob(
                        settings,
                        jobService,
                        rows,
                        new JobRequest(
                                job,
                                now,
                                file,
                                input,
                                by(),
                                tenant(input),
                                timeOptions.window(),
                                paceOptions.rate(),
                                paceOptions.maxOpen()));
                return made.run(resultOptions, out, json, out(), err(), this::say, stop::isRequested);
            }
        } catch (UnusableFileException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private PreparedRows prepare(
            SeraiSettings settings, String job, InputOptions input, Instant now, BooleanSupplier isStopped)
            throws IOException, UnusableFileException {
        try {
            return PreparedRows.of(
                    file,
                    job,
                    input,
                    JobEvents.decoder(settings, tenant(input)),
                    settings.kafka().startTopic(),
                    now,
                    isStopped);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private static String tenant(InputOptions input) {
        return input.fields().getOrDefault("tenant", StartConversation.DEFAULT_TENANT);
    }

    private void report(JobForecast forecast, PreparedRows rows) {
        sayMistakes(rows);
        if (json) {
            out().println(Printable.line(forecast.json().toString()));
        } else {
            forecast.events().forEach(line -> out().println(Printable.line(line)));
            forecast.lines().forEach(line -> out().println(Printable.line(line)));
        }
        out().flush();
    }

    private void sayMistakes(PreparedRows rows) {
        Mistakes mistakes = rows.mistakes();
        mistakes.first().forEach(mistake -> say(Printable.line(file + ", " + Secrets.inLog(mistake.text()))));
        if (mistakes.count() > mistakes.first().size()) {
            say("and " + (mistakes.count() - mistakes.first().size()) + " more bad rows");
        }
    }
}
