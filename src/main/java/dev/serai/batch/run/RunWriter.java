package dev.serai.batch.run;

import dev.serai.batch.JobRecords;
import dev.serai.batch.JobRun;
import dev.serai.batch.JobRun.State;
import dev.serai.batch.JobRun.Wait;
import dev.serai.kafka.TransactionalWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes how far a job is, with the events that it publishes, and why it publishes none. For one thread; {@link #write} may
 * throw as {@link TransactionalWriter} does.
 */
final class RunWriter implements AutoCloseable {
    /** While only answers come, it is written so often, and asked what holds them up. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Replica replica;
    private final String job;
    private final int partition;
    private final TransactionalWriter transactions;
    private final Runnable written;
    private @Nullable Wait waitsFor;
    private @Nullable Instant waitsUntil;
    private @Nullable String heldUpBy;
    private @Nullable String asked;
    private Instant askedAt = Instant.EPOCH;
    private boolean changed = true;
    private Instant writtenAt = Instant.EPOCH;

    /**
     * @param partition of the topic of jobs
     * @param written is told that a transaction got through
     */
    RunWriter(Replica replica, String job, int partition, TransactionalWriter transactions, Runnable written) {
        this.replica = replica;
        this.job = job;
        this.partition = partition;
        this.transactions = transactions;
        this.written = written;
    }

    /** There is something new to be told. */
    void changed() {
        changed = true;
    }

    /** Nothing is published until then; null if only an answer ends it, which may be held up by something. */
    void waitFor(Wait why, @Nullable Instant until) {
        boolean isForAnswers = why == Wait.ANSWERS || why == Wait.MAX_OPEN;
        String by = isForAnswers ? heldUpBy() : null;
        changed |= !Objects.equals(by, heldUpBy);
        heldUpBy = by;
        // A rate's next time changes with each event.
        changed |= why != waitsFor || (why != Wait.RATE && !Objects.equals(until, waitsUntil));
        waitsFor = why;
        waitsUntil = until;
    }

    private @Nullable String heldUpBy() {
        Instant now = replica.clock().instant();
        if (!now.isBefore(askedAt.plus(INTERVAL))) {
            asked = replica.heldUpBy().apply(job).orElse(null);
            askedAt = now;
        }
        return asked;
    }

    /** It is published again. */
    void waitNoMore() {
        waitsFor = null;
        waitsUntil = null;
        heldUpBy = null;
    }

    /** How long there is nothing to be done but to listen. */
    Duration left(Duration most) {
        if (waitsFor == null) {
            return Duration.ZERO;
        }
        if (waitsUntil == null) {
            return most;
        }
        Duration left = Duration.between(replica.clock().instant(), waitsUntil);
        return left.isNegative() ? Duration.ZERO : left.compareTo(most) < 0 ? left : most;
    }

    /** Writes what has changed, unless it was written just now. */
    void writeIfTime(Progress progress) {
        if (changed && !replica.clock().instant().isBefore(writtenAt.plus(INTERVAL))) {
            write(List.of(), progress, State.RUNNING);
        }
    }

    /** Writes the events and how far the job is with them, or nothing. */
    void write(List<ProducerRecord<byte[], byte[]>> events, Progress progress, State state) {
        Instant now = replica.clock().instant();
        boolean over = state != State.RUNNING;
        JobRun run = progress.toRun(
                state,
                over ? null : waitsFor,
                over ? null : waitsUntil,
                over ? null : heldUpBy,
                replica.instance(),
                now);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(events);
        records.add(JobRecords.of(replica.topics().jobs(), partition, run));
        transactions.write(records);
        written.run();
        writtenAt = now;
        changed = false;
    }

    @Override
    public void close() {
        transactions.close();
    }
}
