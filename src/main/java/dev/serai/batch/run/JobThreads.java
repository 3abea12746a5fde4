package dev.serai.batch.run;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The jobs that run, so many at once at most, the oldest first; those that have nothing to do make room for those that have.
 * Of one thread; what it tells, any may ask.
 */
final class JobThreads {
    /** Each has some connections and a few megabytes. */
    static final int MOST_AT_ONCE = 20;

    private final Replica replica;
    private final JobsMetrics metrics;
    private final Duration beforeAgain;
    private final int mostAtOnce;
    private final Map<String, JobThread> threads = new ConcurrentHashMap<>();
    private final Map<String, Long> notBefore = new HashMap<>();
    private volatile int waiting;

    /**
     * @param mostAtOnce jobs
     * @param beforeAgain how long after its end a job is run again, if it is not over: another replica may have it
     */
    JobThreads(Replica replica, JobsMetrics metrics, int mostAtOnce, Duration beforeAgain) {
        this.mostAtOnce = mostAtOnce;
        this.replica = replica;
        this.metrics = metrics;
        this.beforeAgain = beforeAgain;
    }

    /** Begins what is to be run, and forgets what has ended. */
    void tend(OwnedJobs jobs) {
        for (JobThread each : List.copyOf(threads.values())) {
            if (!each.isAlive()) {
                threads.remove(each.job());
                notBefore.put(each.job(), System.nanoTime() + beforeAgain.toNanos());
            }
        }
        notBefore.values().removeIf(at -> System.nanoTime() - at >= 0);
        Instant now = replica.clock().instant();
        List<OwnedJobs.Owned> unfinished = jobs.unfinished();
        int busyLeft = begin(jobs, unfinished.stream().filter(job -> !job.isIdle(now)));
        int idleLeft = begin(jobs, unfinished.stream().filter(job -> job.isIdle(now)));
        waiting = busyLeft + idleLeft;
        unfinished.stream()
                .filter(job -> job.isIdle(now))
                .map(job -> threads.get(job.job().spec().job()))
                .filter(Objects::nonNull)
                .limit(busyLeft)
                .forEach(JobThread::stop);
    }

    /** @return how many there was no place for */
    private int begin(OwnedJobs jobs, Stream<OwnedJobs.Owned> wanted) {
        int left = 0;
        for (OwnedJobs.Owned next : wanted.toList()) {
            String id = next.job().spec().job();
            if (threads.containsKey(id) || notBefore.containsKey(id)) {
                continue;
            }
            if (threads.size() < mostAtOnce) {
                threads.put(id, JobThread.start(replica, metrics, id, next.partition(), () -> jobs.latest(id)));
            } else {
                left++;
            }
        }
        return left;
    }

    /** Ends those of a partition soon. */
    void stop(int partition) {
        threads.values().stream().filter(each -> each.partition() == partition).forEach(JobThread::stop);
    }

    /** Ends all soon. */
    void stop() {
        threads.values().forEach(JobThread::stop);
    }

    /** Ends all. */
    void awaitEnd(Duration patience) {
        stop();
        long end = System.nanoTime() + patience.toNanos();
        for (JobThread each : threads.values()) {
            try {
                each.awaitEnd(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        threads.clear();
        waiting = 0;
    }

    int running() {
        return threads.size();
    }

    int waiting() {
        return waiting;
    }

    /** What keeps them from going on, one sentence for each. */
    List<String> problems() {
        return threads.values().stream()
                .map(JobThread::problem)
                .flatMap(Optional::stream)
                .toList();
    }
}
