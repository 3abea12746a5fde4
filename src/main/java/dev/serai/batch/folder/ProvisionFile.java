package dev.serai.batch.folder;

import dev.serai.batch.Job;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobUpload;
import dev.serai.batch.client.JobRequest;
import dev.serai.batch.client.RowRoom;
import dev.serai.batch.client.RowUpload;
import dev.serai.batch.file.InputOptions;
import dev.serai.batch.file.Mistake;
import dev.serai.batch.file.PreparedRows;
import dev.serai.kafka.TopicSetup;
import dev.serai.kafka.WriteRefusedException;
import dev.serai.loop.UnusableFileException;
import dev.serai.wire.Secrets;
import dev.serai.wire.StartConversation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a job of a file in the inbox, and says in the property {@value #MOVE_TO} where the file goes then. A file with bad rows
 * is rejected as a whole, with a file in the outbox that says what is wrong, unless bad rows are to be left out; so is one with
 * a row that is too large for its topics. Where it fails, as while Kafka is away, the file stays, and goes on with the same job
 * the next time: no row is uploaded twice. For one thread.
 */
public final class ProvisionFile implements Processor {
    static final String MOVE_TO = "provisionMoveTo";

    private static final Logger LOG = LoggerFactory.getLogger(ProvisionFile.class);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final String BY = "provision-folder";
    private static final String FILE = "CamelFileAbsolutePath";

    private final JobFolder folder;

    public ProvisionFile(JobFolder folder) {
        this.folder = folder;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Path file = Path.of(exchange.getMessage().getHeader(FILE, String.class));
        String name = String.valueOf(file.getFileName());
        FileOptions options = FileOptions.of(exchange.getMessage());
        BooleanSupplier isStopped = exchange.getContext()::isStopping;
        folder.makeOutbox();
        String job = JobFolder.jobOf(file);
        folder.topics()
                .ensure(
                        new TopicSetup(folder.kafka(), folder.createTopics(), ANSWER),
                        folder.partitions(),
                        folder.startTopic());
        String to;
        try (JobUpload upload = JobUpload.open(folder.kafka(), folder.topics(), job)) {
            to = begin(file, name, job, options, upload, isStopped);
        } catch (WriteRefusedException e) {
            to = giveUp(name, job, e);
        } catch (UnusableFileException | IllegalArgumentException e) {
            to = reject(name, job, List.of(String.valueOf(e.getMessage())));
        }
        exchange.setProperty(MOVE_TO, to + "/" + JobFolder.nameWithJob(job, name));
    }

    private String begin(
            Path file, String name, String job, FileOptions options, JobUpload upload, BooleanSupplier isStopped)
            throws IOException, InterruptedException, UnusableFileException {
        Instant now = upload.found().map(Job::spec).map(JobSpec::createdAt).orElseGet(() -> folder.clock()
                .instant()
                .truncatedTo(ChronoUnit.MILLIS));
        InputOptions input = options.input();
        try (PreparedRows rows =
                PreparedRows.of(file, job, input, folder.decoder(), folder.startTopic(), now, isStopped)) {
            requireGoingOn(isStopped, name);
            if (rows.rows() == 0 || (rows.invalid() > 0 && !input.skipsInvalid())) {
                return reject(name, job, rows.badRows().map(Mistake::text).toList());
            }
            if (upload.found().isEmpty()) {
                RowRoom.require(file, rows, folder.kafka(), folder.topics(), folder.startTopic());
                JobRequest asked = new JobRequest(
                        job,
                        now,
                        file,
                        input,
                        BY,
                        StartConversation.DEFAULT_TENANT,
                        options.window(),
                        options.rate(),
                        options.maxOpen());
                upload.begin(asked.spec(folder.kafka(), folder.startTopic(), folder.replyTopic(), rows, upload));
                LOG.info("{} becomes job {} of {} rows", name, job, rows.rows());
            } else if (!upload.found().get().spec().digest().equals(rows.digest())) {
                throw new IllegalArgumentException("job " + job + " was begun with other options or other settings of"
                        + " events: cancel it, and put the file into the inbox again");
            }
            if (!RowUpload.of(rows, upload, folder.clock(), isStopped, uploaded -> {})) {
                requireGoingOn(isStopped, name);
            }
            return JobFolder.ACCEPTED;
        }
    }

    private static void requireGoingOn(BooleanSupplier isStopped, String name) {
        if (isStopped.getAsBoolean()) {
            throw new IllegalStateException("the service stops: " + name + " stays, and goes on after the next start");
        }
    }

    private String reject(String name, String job, List<String> mistakes) throws IOException {
        Path report = report(name, job, mistakes);
        LOG.warn(
                "{} is rejected, and nothing of it was sent: {} mistakes, which {} names",
                name,
                mistakes.size(),
                report);
        return JobFolder.REJECTED;
    }

    /** The next try would end in the same way. */
    private String giveUp(String name, String job, WriteRefusedException refused) throws IOException {
        JobUpload.cancel(
                folder.kafka(), folder.topics(), job, BY, folder.clock().instant());
        Path report = report(
                name,
                job,
                List.of(
                        "Kafka refuses a row: " + refused.getMessage(),
                        "Job " + job + " is cancelled. What became of the rows that were uploaded before:"
                                + " ./serai provision results "
                                + job));
        LOG.warn("{} is rejected, for Kafka refuses a row, and its job {} is cancelled: see {}", name, job, report);
        return JobFolder.REJECTED;
    }

    private Path report(String name, String job, List<String> lines) throws IOException {
        folder.makeOutbox();
        Path report = folder.outbox().resolve(name + "." + job + ".rejected.txt");
        return Files.write(report, lines.stream().map(Secrets::inLog).toList());
    }
}
