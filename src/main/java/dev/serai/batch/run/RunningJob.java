package dev.serai.batch.run;

import dev.serai.batch.Job;
import dev.serai.batch.JobAnswers;
import dev.serai.batch.JobRow;
import dev.serai.batch.JobRun.State;
import dev.serai.batch.JobRun.Wait;
import dev.serai.batch.JobUploaded;
import dev.serai.batch.JobsReader;
import dev.serai.batch.run.Pace.Decision;
import dev.serai.kafka.WriteRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job, as long as this replica runs it and nothing goes wrong: publishes its rows when it is time, and counts their answers.
 * Opening it ends every other of the same job, wherever it is; what is known of the job is read after that, so that no other
 * can have changed it. Each transaction has some events and how far the job is with them: a row whose event is published is
 * passed, and one that is passed is published, whatever ends this.
 *
 * <p>Every method may throw what Kafka's clients do; after that it is of no more use. For one thread, but for {@link #stop}.
 */
final class RunningJob implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningJob.class);

    /** How long a change of what is uploaded or asked may go unnoticed. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(250);

    private static final Duration OVERDUE_INTERVAL = Duration.ofSeconds(5);

    private final Replica replica;
    private final JobsMetrics metrics;
    private final Supplier<@Nullable Job> latest;
    private final Job begun;
    private final String job;
    private final int partition;
    private final Pace pace;
    private final RunWriter writer;
    private final RowsReader rows;
    private final JobAnswers answers;
    private Progress progress;
    private Instant overdueAt = Instant.EPOCH;
    private volatile boolean stopped;

    /**
     * Goes on where the job is.
     *
     * @param begun what the job was when its transactions had been opened
     * @param latest what was uploaded and asked by now; null when it is no longer this replica's
     * @param partition of both topics
     * @param writer of the job; closed with this
     */
    RunningJob(
            Replica replica,
            JobsMetrics metrics,
            Job begun,
            Supplier<@Nullable Job> latest,
            int partition,
            RunWriter writer) {
        this.replica = replica;
        this.metrics = metrics;
        this.begun = begun;
        this.latest = latest;
        this.writer = writer;
        this.partition = partition;
        job = begun.spec().job();
        pace = new Pace(begun.spec());
        progress = Progress.of(begun.spec(), begun.run(), replica.sessionIdle());
        rows = new RowsReader(replica.kafka(), replica.topics().rows(), partition, job, progress.nextRowOffset());
        try {
            answers = new JobAnswers(replica.kafka(), begun.spec().replyTopic(), job, progress.replyOffsets());
        } catch (RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    /** Until the job is over, or no longer this replica's, or this is stopped. */
    void run() {
        Duration wait = Duration.ZERO;
        while (!stopped) {
            Job now = latest.get();
            if (now == null) {
                return;
            }
            readAnswers(wait);
            if (stopped) {
                return;
            }
            State state = turn(now);
            if (state != State.RUNNING) {
                writer.write(List.of(), progress, state);
                LOG.info("Job {} is {}: {}", job, state.name().toLowerCase(Locale.ROOT), progress);
                return;
            }
            writer.writeIfTime(progress);
            wait = writer.left(LONGEST_WAIT);
        }
    }

    /** One step: publishes what may be, or notes why nothing may. */
    private State turn(Job known) {
        boolean answered = progress.outstanding() == 0;
        JobUploaded uploaded = known.uploaded();
        if (known.isCancelled()) {
            writer.waitFor(Wait.ANSWERS, null);
            return answered ? State.CANCELLED : State.RUNNING;
        }
        long lastOffset = uploaded == null ? -1 : uploaded.lastOffset();
        JobRow next = rows.next(lastOffset);
        if (next != null) {
            publishOrWait(next);
            return State.RUNNING;
        }
        if (!rows.isPast(lastOffset)) {
            // They are on their way.
            writer.waitNoMore();
            return State.RUNNING;
        }
        if (uploaded == null || !uploaded.complete()) {
            writer.waitFor(Wait.UPLOAD, null);
            return State.RUNNING;
        }
        progress.rowsAreAll(uploaded.rows());
        writer.waitFor(Wait.ANSWERS, null);
        return answered ? end() : State.RUNNING;
    }

    /** Of a job that was cancelled, rows can be answered so before this has read of it. */
    private State end() {
        boolean isCancelled = progress.hasCancelled()
                && JobsReader.find(replica.kafka(), replica.topics().jobs(), partition, job)
                        .filter(Job::isCancelled)
                        .isPresent();
        return isCancelled ? State.CANCELLED : State.FINISHED;
    }

    private void publishOrWait(JobRow next) {
        Instant now = replica.clock().instant();
        Decision decision = pace.decide(
                now,
                progress.outstanding(),
                progress.open(),
                progress.firstOver(),
                progress.mayPublishAt(),
                next.due());
        switch (decision) {
            case Decision.Publish publish -> {
                writer.waitNoMore();
                publish(rows.take(publish.most(), now), now);
            }
            case Decision.Later later -> writer.waitFor(later.why(), later.until());
        }
    }

    private void publish(List<RowsReader.Row> batch, Instant now) {
        List<JobRow> published = batch.stream().map(RowsReader.Row::row).toList();
        Progress next = progress.copy();
        next.publish(
                published,
                batch.getLast().offset() + 1,
                now,
                pace.afterPublishing(batch.size(), now, progress.mayPublishAt()));
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        published.forEach(row -> records.add(row.toEvent(begun.spec().startTopic())));
        try {
            writer.write(records, next, State.RUNNING);
            progress = next;
            metrics.published(batch.size());
        } catch (WriteRefusedException e) {
            if (batch.size() > 1) {
                batch.forEach(row -> publish(List.of(row), now));
            } else {
                refuse(batch.getFirst(), e);
            }
        }
    }

    private void refuse(RowsReader.Row refused, WriteRefusedException why) {
        LOG.warn(
                "Job {}: {} does not take the event of row {}, which counts as lost: {}",
                job,
                begun.spec().startTopic(),
                refused.row().number(),
                why.getMessage());
        Progress next = progress.copy();
        next.refuse(refused.offset() + 1);
        writer.write(List.of(), next, State.RUNNING);
        progress = next;
        metrics.lost(1);
    }

    private void readAnswers(Duration wait) {
        answers.poll(wait, answer -> {
            if (progress.answered(answer)) {
                writer.changed();
                metrics.answered(answer.category() == null);
            }
        });
        progress.replyOffsets().putAll(answers.positions());
        progress.closeRooms(replica.clock().instant());
        loseOverdue();
    }

    private void loseOverdue() {
        Instant now = replica.clock().instant();
        List<Long> overdue = progress.overdue(now);
        // Their answers may lie in what was not read yet.
        if (!overdue.isEmpty() && !now.isBefore(overdueAt)) {
            overdueAt = now.plus(OVERDUE_INTERVAL);
            if (answers.hasReached(answers.ends())) {
                LOG.warn("Job {}: rows {} were not answered and count as lost", job, overdue);
                progress.lose(overdue);
                metrics.lost(overdue.size());
                writer.changed();
            }
        }
    }

    /** Ends {@link #run} soon; from any thread. */
    void stop() {
        stopped = true;
        answers.wakeUp();
    }

    @Override
    public void close() {
        answers.close();
        rows.close();
        writer.close();
    }
}
