package dev.serai.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Measures how fast, and at what cost, a contender answers events: either all of them, warm-up included, are in the start
 * topic before the contender's process is started, or those that are measured are published at a steady pace, from the end
 * of the warm-up on.
 *
 * <p>Time is the benchmark's own clock when its {@code read_committed} consumer returns a load of replies. The measurement
 * begins with the load in which the last reply of the warm-up is, whichever events those replies are to, and ends with the
 * load that holds the last reply. The throughput is the number of replies after that first load, divided by the time
 * between the two; CPU times are taken at the same two moments.
 */
final class ThroughputRun {
    /** Without any reply for so long, at the start too, something is broken. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The processes whose CPU time counts. */
    record Processes(ChildProcess contender, ChildProcess broker, ChildProcess provider) {
        private Moment moment(int replies) {
            return new Moment(System.nanoTime(), replies, contender.cpu(), broker.cpu(), provider.cpu());
        }
    }

    /**
     * @param nanos of {@link System#nanoTime}
     * @param replies seen until then
     */
    private record Moment(long nanos, int replies, Duration contender, Duration broker, Duration provider) {}

    /** See the components of the same names of {@link Measured}. */
    record Throughput(double eventsPerSecond, double cpuMillis, double brokerCpuMillis, double providerCpuMillis) {}

    private final ReplyReader reader;
    private final Tally tally;
    private final Processes processes;

    ThroughputRun(ReplyReader reader, Tally tally, Processes processes) {
        this.reader = reader;
        this.tally = tally;
        this.processes = processes;
    }

    /** @param load begins to publish what is measured; does nothing if all is waiting already */
    Throughput measure(int warmUp, int events, Runnable load) throws IOException {
        Moment begin = awaitReplies(Math.max(1, warmUp));
        if (begin.replies() >= warmUp + events) {
            throw new BenchFailure("the warm-up's last reply came together with the last of all: measure more events");
        }
        load.run();
        Moment end = awaitReplies(warmUp + events);
        int measured = end.replies() - begin.replies();
        return new Throughput(
                measured * 1e9 / (end.nanos() - begin.nanos()),
                millis(begin.contender(), end.contender()) / measured,
                millis(begin.broker(), end.broker()) / measured,
                millis(begin.provider(), end.provider()) / measured);
    }

    private static double millis(Duration from, Duration to) {
        return to.minus(from).toNanos() / 1e6;
    }

    private Moment awaitReplies(int count) throws IOException {
        long lastReplyAt = System.nanoTime();
        while (tally.answered() < count) {
            List<Integer> numbers = reader.poll();
            if (!numbers.isEmpty()) {
                lastReplyAt = System.nanoTime();
                numbers.forEach(tally::note);
            } else {
                processes.contender().requireAlive();
                if (System.nanoTime() - lastReplyAt > PATIENCE.toNanos()) {
                    throw new BenchFailure("no reply for " + PATIENCE.toSeconds() + " s; "
                            + tally.answered() + " of " + count + " events are answered"
                            + processes.contender().itSaid());
                }
            }
        }
        return processes.moment(tally.answered());
    }
}
