package dev.serai.batch.run;

import dev.serai.batch.Job;
import dev.serai.batch.JobsReader;
import dev.serai.kafka.KafkaAnswers;
import dev.serai.kafka.TransactionalWriter;
import dev.serai.loop.OutOfMemory;
import dev.serai.loop.Pause;
import dev.serai.loop.RepeatedWarning;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a job on a thread of its own until it is over, another replica takes it over, or this is stopped. Whatever else ends
 * it, such as an outage of Kafka, it begins again, after pauses of up to 15 s, from what is committed. Thread-safe.
 */
final class JobThread {
    private static final Logger LOG = LoggerFactory.getLogger(JobThread.class);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final Replica replica;
    private final JobsMetrics metrics;
    private final String job;
    private final int partition;
    private final Supplier<@Nullable Job> latest;
    private final RepeatedWarning trouble = new RepeatedWarning(LOG);
    private final StopFlag stopping = new StopFlag();
    private final Thread thread;
    private volatile @Nullable RunningJob running;

    private JobThread(Replica replica, JobsMetrics metrics, String job, int partition, Supplier<@Nullable Job> latest) {
        this.replica = replica;
        this.metrics = metrics;
        this.job = job;
        this.partition = partition;
        this.latest = latest;
        // No virtual thread: a consumer that waits for the network holds on to its carrier, which live events need.
        thread = Thread.ofPlatform().daemon().name("serai-job-" + job).unstarted(this::runUntilOver);
    }

    /**
     * @param latest what is known of the job; null when it is no longer this replica's
     * @param partition of the topics of jobs and rows
     */
    static JobThread start(
            Replica replica, JobsMetrics metrics, String job, int partition, Supplier<@Nullable Job> latest) {
        JobThread started = new JobThread(replica, metrics, job, partition, latest);
        started.thread.start();
        return started;
    }

    private void runUntilOver() {
        Pause pause = new Pause(SHORTEST_PAUSE, LONGEST_PAUSE);
        while (!stopping.isRaised()) {
            long begun = System.nanoTime();
            try {
                runOnce();
                return;
            } catch (ProducerFencedException e) {
                LOG.info("Job {} is run by another replica from now on", job);
                return;
            } catch (InterruptException | WakeupException e) {
                LOG.debug("job {} was stopped", job, e);
                return;
            } catch (Exception | Error e) {
                OutOfMemory.endProcessIf(e);
                trouble.met(
                        e.getClass().getName(),
                        "job " + job + " does not go on, which is tried again: " + KafkaAnswers.reason(e));
                LOG.debug("job {} failed", job, e);
            }
            if (System.nanoTime() - begun > LONGEST_PAUSE.toNanos()) {
                pause.over();
            }
            if (stopping.isRaisedWithin(pause.longer())) {
                return;
            }
        }
    }

    private void runOnce() {
        TransactionalWriter transactions = replica.openTransactions(job);
        Optional<Job> begun;
        try {
            begun = JobsReader.find(replica.kafka(), replica.topics().jobs(), partition, job);
            if (begun.isEmpty() || begun.get().isOver()) {
                transactions.close();
                return;
            }
            RunWriter writer =
                    new RunWriter(replica, job, partition, transactions, () -> trouble.over("job " + job + " goes on"));
            running = new RunningJob(replica, metrics, begun.get(), latest, partition, writer);
        } catch (RuntimeException e) {
            transactions.close();
            throw e;
        }
        try (RunningJob run = running) {
            if (!stopping.isRaised()) {
                LOG.info("Runs job {} of {}", job, begun.get().spec().file());
                run.run();
            }
        } finally {
            running = null;
        }
    }

    String job() {
        return job;
    }

    int partition() {
        return partition;
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    /** What keeps it from going on; empty while nothing does. */
    Optional<String> problem() {
        return isAlive() ? trouble.text() : Optional.empty();
    }

    /** Publishes no more soon; what is being written is written, or not. Does not wait. */
    void stop() {
        stopping.raise();
        RunningJob run = running;
        if (run != null) {
            run.stop();
        }
    }

    /** After {@link #stop}: waits for its end, and interrupts it when that takes too long. */
    void awaitEnd(Duration patience) throws InterruptedException {
        if (!thread.join(patience)) {
            thread.interrupt();
        }
    }
}
