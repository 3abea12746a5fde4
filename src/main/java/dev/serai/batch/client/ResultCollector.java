package dev.serai.batch.client;

import dev.serai.batch.Job;
import dev.serai.batch.JobAnswers;
import dev.serai.batch.JobAnswers.Answer;
import dev.serai.batch.JobRun;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobTopics;
import dev.serai.batch.JobWatch;
import dev.serai.batch.client.UploadedRows.Uploaded;
import dev.serai.batch.file.ResultFile;
import dev.serai.batch.file.ResultRow;
import dev.serai.batch.file.RowLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes what becomes of a job's rows, each row once. Every method may throw what Kafka's clients do, and {@link IOException}
 * if the results cannot be written; what was written by then stays. For one thread.
 */
public final class ResultCollector implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, Object> kafka;
    private final JobTopics topics;
    private final JobSpec spec;
    private final JobWatch watch;
    private final JobAnswers answers;
    private final ResultFile results;
    private final RowLines lines;

    /** @param lines of the file; with none if it is not there */
    public ResultCollector(
            Map<String, Object> kafka, JobTopics topics, JobSpec spec, ResultFile results, RowLines lines) {
        this(kafka, topics, spec, spec.repliesFrom(), results, lines);
    }

    /**
     * One that goes on where another was.
     *
     * @param from the {@link #positions} of the other, whose results these are
     */
    public ResultCollector(
            Map<String, Object> kafka,
            JobTopics topics,
            JobSpec spec,
            Map<Integer, Long> from,
            ResultFile results,
            RowLines lines) {
        this.kafka = Map.copyOf(kafka);
        this.topics = topics;
        this.spec = spec;
        this.results = results;
        this.lines = lines;
        watch = JobWatch.open(kafka, topics.jobs(), spec.job());
        try {
            answers = new JobAnswers(kafka, spec.replyTopic(), spec.job(), from);
        } catch (RuntimeException e) {
            watch.close();
            throw e;
        }
    }

    /**
     * Writes each answer as it comes, the first one of each row, until all rows have a result; of a job that is over, rows
     * without an answer get theirs, too.
     *
     * @param listener is told several times a second how far it is
     * @return false if it was stopped before
     */
    public boolean await(BooleanSupplier isStopped, Consumer<Progress> listener) throws IOException {
        while (!isStopped.getAsBoolean()) {
            Job job = step(listener);
            if (results.tally().answered() >= spec.rows()) {
                return true;
            }
            if (job.isOver()) {
                Map<TopicPartition, Long> ends = answers.committedEnds();
                while (!answers.hasReached(ends)) {
                    if (isStopped.getAsBoolean()) {
                        return false;
                    }
                    step(listener);
                }
                addUnanswered(job);
                results.flush();
                listener.accept(Progress.of(job, results.tally(), Instant.now()));
                return true;
            }
        }
        return false;
    }

    /** Up to where replies were read whose results are written, by partition of their topic. */
    public Map<Integer, Long> positions() {
        return answers.positions();
    }

    private Job step(Consumer<Progress> listener) throws IOException {
        try {
            answers.poll(POLL, this::write);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        results.flush();
        Job job = job();
        listener.accept(Progress.of(job, results.tally(), Instant.now()));
        return job;
    }

    /** As it is known now. */
    public Job job() {
        return watch.look(Duration.ZERO)
                .orElseThrow(() -> new KafkaException("the job " + spec.job() + " is no more on " + topics.jobs()));
    }

    private void write(Answer answer) {
        write(ResultRow.answered(
                answer.row(), answer.eventId(), lines.line(answer.row()), answer.reply(), answer.at()));
    }

    private void write(ResultRow row) {
        try {
            results.add(row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes what there is of a job: of several answers to a row the one with a room, or else the last. Of a job that is over,
     * rows without an answer have a result, too.
     *
     * @return the job as it was when this began
     */
    public Job writeAll(BooleanSupplier isStopped) throws IOException {
        Job job = job();
        Map<TopicPartition, Long> ends = answers.committedEnds();
        Best best = new Best();
        try {
            read(ends, best::note, isStopped);
            answers.rewind();
            read(
                    ends,
                    answer -> {
                        if (best.is(answer)) {
                            write(answer);
                        }
                    },
                    isStopped);
            if (job.isOver() && !isStopped.getAsBoolean()) {
                addUnanswered(job);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        results.flush();
        return job;
    }

    private void read(Map<TopicPartition, Long> ends, Consumer<Answer> action, BooleanSupplier isStopped) {
        while (!isStopped.getAsBoolean() && !answers.hasReached(ends)) {
            answers.poll(POLL, action);
        }
    }

    private void addUnanswered(Job job) {
        JobRun run = job.run();
        if (run == null || results.tally().answered() >= spec.rows()) {
            return;
        }
        long handedOver = run.published() + run.missing();
        UploadedRows.read(kafka, topics, spec.job(), row -> {
            if (!results.tally().has(row.number())) {
                write(unanswered(row, row.turn() < handedOver));
            }
        });
    }

    private ResultRow unanswered(Uploaded row, boolean isPublished) {
        return isPublished
                ? ResultRow.unanswered(
                        row.number(),
                        row.eventId(),
                        lines.line(row.number()),
                        "lost",
                        "its event was handed over, and there is no answer, or it is kept no more")
                : ResultRow.unanswered(
                        row.number(),
                        row.eventId(),
                        lines.line(row.number()),
                        "cancelled",
                        "the job was cancelled before its turn: nothing was opened");
    }

    @Override
    public void close() {
        watch.close();
        answers.close();
    }

    /** Where the best answer to each row is; 16 bytes a row. */
    private static final class Best {
        private static final long STARTED = Long.MIN_VALUE;

        private long[] places = new long[1 << 10];

        void note(Answer answer) {
            if (answer.row() >= places.length) {
                places = Arrays.copyOf(places, Math.max(2 * places.length, answer.row() + 1));
            }
            if (answer.isStarted()) {
                places[answer.row()] = answer.place() | STARTED;
            } else if (places[answer.row()] >= 0) {
                places[answer.row()] = answer.place();
            }
        }

        boolean is(Answer answer) {
            return answer.row() < places.length
                    && (places[answer.row()] & ~STARTED) == answer.place()
                    && (places[answer.row()] < 0) == answer.isStarted();
        }
    }
}
