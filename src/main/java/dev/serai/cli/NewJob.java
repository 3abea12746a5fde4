package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobUpload;
import dev.serai.batch.client.JobRequest;
import dev.serai.batch.client.RowRoom;
import dev.serai.batch.client.UnsentRows;
import dev.serai.batch.file.PreparedRows;
import dev.serai.batch.file.ResultFile;
import dev.serai.batch.file.ResultTally;
import dev.serai.kafka.TopicSetup;
import dev.serai.loop.Counted;
import dev.serai.loop.UnusableFileException;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * A job that is begun with rows that were found good. For one thread.
 *
 * @param rows of the file, all of them
 */
record NewJob(SeraiSettings settings, JobService jobService, PreparedRows rows, JobRequest asked) {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

    /**
     * Begins it, uploads its rows, and waits for its results if there is somewhere to put them.
     *
     * @param to null: the job is left to the service
     * @return the command's exit code
     * @throws UnusableFileException if a row is too large for its topics; then there is no job
     */
    int run(
            ResultOptions resultOptions,
            @Nullable Path to,
            boolean json,
            PrintWriter out,
            PrintWriter err,
            Consumer<String> say,
            BooleanSupplier isStopped)
            throws IOException, InterruptedException, UnusableFileException {
        JobTopics topics = ProvisionJobCommand.topics(settings);
        JobDisplay display = JobEvents.display(json, out, err);
        JobAttendance attendance = new JobAttendance(jobService, topics, display, say, isStopped);
        // Results first: of a job whose results cannot be written nobody could take the rooms.
        try (ResultFile results = to == null ? null : ResultFile.create(to, resultOptions.columns());
                Begun begun = begin(topics, to)) {
            JobSpec spec = begun.spec();
            print(out, json, spec);
            try {
                if (results != null) {
                    UnsentRows.addBad(rows, results);
                }
                if (!attendance.upload(spec, rows, begun.upload())) {
                    return attendance.leave(spec, false, resultOptions);
                }
                if (results == null || to == null) {
                    display.end();
                    say.accept(Counted.text(spec.rows(), "row")
                            + " uploaded: the service goes on. ./serai provision results "
                            + spec.job() + " --out FILE collects the rooms, provision status " + spec.job()
                            + " tells how far it is");
                    return ExitCode.OK;
                }
                return await(attendance, spec, results, to, resultOptions, say, isStopped);
            } catch (KafkaException | IOException e) {
                attendance.sayHowToGoOn(spec, resultOptions);
                throw e;
            }
        }
    }

    private record Begun(JobUpload upload, JobSpec spec) implements AutoCloseable {
        @Override
        public void close() {
            upload.close();
        }
    }

    /** Takes the file of results away again if there is no job that it could be of. */
    private Begun begin(JobTopics topics, @Nullable Path to)
            throws IOException, InterruptedException, UnusableFileException {
        JobUpload upload = null;
        boolean isBegun = false;
        try {
            topics.ensure(
                    new TopicSetup(jobService.kafka(), settings.kafka().createTopics(), ANSWER_LIMIT),
                    settings.kafka().partitions(),
                    settings.kafka().startTopic());
            RowRoom.require(
                    asked.file(),
                    rows,
                    jobService.kafka(),
                    topics,
                    settings.kafka().startTopic());
            upload = JobUpload.open(jobService.kafka(), topics, asked.job());
            JobSpec spec = asked.spec(
                    jobService.kafka(),
                    settings.kafka().startTopic(),
                    settings.kafka().replyTopic(),
                    rows,
                    upload);
            upload.begin(spec);
            isBegun = true;
            return new Begun(upload, spec);
        } finally {
            if (!isBegun && upload != null) {
                upload.close();
            }
            if (!isBegun && to != null) {
                Files.deleteIfExists(to);
            }
        }
    }

    private int await(
            JobAttendance attendance,
            JobSpec spec,
            ResultFile results,
            Path to,
            ResultOptions resultOptions,
            Consumer<String> say,
            BooleanSupplier isStopped)
            throws IOException, InterruptedException {
        ResultTally tally = attendance.collect(spec, rows.lines(), results);
        if (tally == null) {
            return attendance.leave(spec, true, resultOptions);
        }
        int exitCode = attendance.finish(spec, tally, to, resultOptions.failedOut());
        JobEvents.awaitClosing(jobService, rows.longestRoom(), say, isStopped);
        return exitCode;
    }

    private static void print(PrintWriter out, boolean json, JobSpec spec) {
        if (json) {
            ObjectNode first = Json.MAPPER.createObjectNode().put("job", spec.job());
            out.println(Printable.line(first.put("rows", spec.rows()).toString()));
        } else {
            out.println(spec.job());
        }
        out.flush();
    }
}
