package dev.serai.batch.run;

import dev.serai.batch.JobRecords;
import dev.serai.batch.JobTopics;
import dev.serai.kafka.ClientProperties;
import dev.serai.kafka.KafkaAnswers;
import dev.serai.loop.OutOfMemory;
import dev.serai.loop.RepeatedWarning;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs this replica's share of the provisioning jobs, each on a thread of its own, at most {@value JobThreads#MOST_AT_ONCE} at
 * once and the oldest first. Until the topic of jobs is there it looks for it now and then and does nothing else. Whatever goes
 * wrong is tried again, and disturbs nothing else of the service. Thread-safe, but for {@link #start}.
 */
public final class Jobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

    private static final String NOT_RUN = "provisioning jobs are not run by this replica";
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Duration CLOSE = Duration.ofSeconds(3);

    /** A job that another replica seems to have: its group knows within that. */
    private static final Duration BEFORE_AGAIN = Duration.ofSeconds(10);

    private static final Duration TIDY_INTERVAL = Duration.ofMinutes(10);

    private final Replica replica;
    private final JobThreads threads;
    private final CancelledJobs cancelled;
    private final RepeatedWarning trouble = new RepeatedWarning(LOG);
    private final StopFlag closing = new StopFlag();
    private final Thread thread;
    private long tidiedAt = System.nanoTime() - TIDY_INTERVAL.toNanos();
    private volatile @Nullable OwnedJobs owned;

    /** Starts nothing. */
    public Jobs(Replica replica, JobsMetrics metrics) {
        this(replica, metrics, JobThreads.MOST_AT_ONCE, BEFORE_AGAIN);
    }

    Jobs(Replica replica, JobsMetrics metrics, int mostAtOnce, Duration beforeAgain) {
        this.replica = replica;
        threads = new JobThreads(replica, metrics, mostAtOnce, beforeAgain);
        cancelled = new CancelledJobs(replica.kafka(), replica.topics().jobs());
        thread = Thread.ofPlatform().daemon().name("serai-jobs").unstarted(this::run);
        metrics.watch("serai.jobs.running", "Provisioning jobs that this replica runs", this::running);
        metrics.watch("serai.jobs.waiting", "Provisioning jobs that wait until this replica runs fewer", this::waiting);
        metrics.watch(
                "serai.jobs.troubled",
                "Provisioning jobs of this replica that do not go on, and 1 if it cannot know them",
                () -> problems().size());
    }

    /** Begins to run jobs; once. */
    public void start() {
        thread.start();
    }

    /** Of all jobs, whoever runs them: to be started apart, before events are taken; closed with this. */
    public CancelledJobs cancelled() {
        return cancelled;
    }

    private void run() {
        while (!closing.isRaised()) {
            Duration pause = LOOK_INTERVAL;
            try {
                if (isTopicThere()) {
                    follow();
                }
                trouble.over(NOT_RUN + ": that is over");
            } catch (InterruptException | WakeupException e) {
                LOG.debug("jobs were interrupted", e);
            } catch (Exception | Error e) {
                OutOfMemory.endProcessIf(e);
                trouble.met(e.getClass().getName(), NOT_RUN + ", which tries again: " + KafkaAnswers.reason(e));
                LOG.debug("jobs failed", e);
                pause = PAUSE;
            } finally {
                threads.awaitEnd(CLOSE);
            }
            closing.isRaisedWithin(pause);
        }
    }

    private boolean isTopicThere() {
        try (Admin admin = Admin.create(ClientProperties.within(replica.kafka(), ANSWER))) {
            while (!closing.isRaisedWithin(Duration.ZERO)) {
                if (isThere(admin, replica.topics())) {
                    return true;
                }
                trouble.over(NOT_RUN + ": that is over");
                closing.isRaisedWithin(LOOK_INTERVAL);
            }
            return false;
        }
    }

    private static boolean isThere(Admin admin, JobTopics topics) {
        try {
            KafkaAnswers.await(admin.describeTopics(List.of(topics.jobs())).allTopicNames());
            return true;
        } catch (UnknownTopicOrPartitionException e) {
            return false;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void follow() {
        try (OwnedJobs jobs = new OwnedJobs(replica, threads::stop)) {
            owned = jobs;
            try {
                while (!closing.isRaised()) {
                    jobs.poll(POLL);
                    trouble.over(NOT_RUN + ": that is over");
                    threads.tend(jobs);
                    tidy(jobs);
                }
            } finally {
                threads.stop();
            }
        } finally {
            owned = null;
        }
    }

    /** Takes away what is known of jobs that have been over for long. */
    private void tidy(OwnedJobs jobs) {
        if (System.nanoTime() - tidiedAt < TIDY_INTERVAL.toNanos()) {
            return;
        }
        tidiedAt = System.nanoTime();
        Instant limit = replica.clock().instant().minus(JobTopics.RETENTION);
        for (OwnedJobs.Owned old : jobs.over()) {
            if (old.job().run() != null && old.job().run().at().isBefore(limit)) {
                String id = old.job().spec().job();
                try (var transactions = replica.openTransactions(id)) {
                    transactions.write(JobRecords.tombstones(replica.topics().jobs(), old.partition(), id));
                }
                LOG.info("Job {} has been over for {} days, and is forgotten", id, JobTopics.RETENTION.toDays());
            }
        }
    }

    /** How many it runs. */
    public int running() {
        return threads.running();
    }

    /** How many wait until it runs fewer. */
    public int waiting() {
        return threads.waiting();
    }

    /** What keeps jobs from going on, one sentence for each. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        trouble.text().ifPresent(problems::add);
        cancelled.problem().ifPresent(problems::add);
        problems.addAll(threads.problems());
        return problems;
    }

    /** Publishes no more soon, and leaves the jobs to other replicas; does not wait. */
    public void stop() {
        closing.raise();
        OwnedJobs jobs = owned;
        if (jobs != null) {
            jobs.wake();
        } else {
            // It may wait for an answer while Kafka is away.
            thread.interrupt();
        }
    }

    /** {@link #stop Stops}, and waits for it, for a few seconds at most. */
    @Override
    public void close() {
        stop();
        cancelled.close();
        try {
            if (thread.isAlive() && !thread.join(CLOSE)) {
                LOG.warn("provisioning jobs did not end in time: their next owner goes on with them");
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
