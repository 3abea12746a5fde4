package dev.serai.bench;

import dev.serai.testing.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Measures what a contender that has nothing else to do adds to the provider's latency. Events are published one by one
 * at fixed times, whether or not those before are answered, so that a slow answer delays no other event's publication.
 */
final class RestRun {
    /** From the last event's publication to its reply. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ContenderTask task;
    private final Events events;
    private final Tally tally;

    RestRun(ContenderTask task, Events events, Tally tally) {
        this.task = task;
        this.events = events;
        this.tally = tally;
    }

    /**
     * Publishes these events and waits for their replies.
     *
     * @param first number of the first event
     * @param latency of the provider
     */
    Measured.Rest measure(int first, int count, Duration latency)
            throws IOException, InterruptedException, ExecutionException {
        AtomicLongArray receivedAt = new AtomicLongArray(count);
        long[] publishedAt = new long[count];
        int answered = tally.answered();
        List<ReplyReader> readers = new ArrayList<>();
        try (Publisher publisher = new Publisher(task.bootstrapServers(), events, 0);
                ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int partition = 0; partition < task.partitions(); partition++) {
                readers.add(ReplyReader.atRest(task.bootstrapServers(), task.replyTopic(), partition));
            }
            // The producer's first record pays for its connection.
            publisher.connect(task.startTopic());
            List<Future<?>> reading = new ArrayList<>();
            for (ReplyReader reader : readers) {
                reading.add(threads.submit(() -> {
                    while (tally.answered() < answered + count && !Thread.interrupted()) {
                        for (int number : reader.poll()) {
                            if (tally.note(number)) {
                                receivedAt.set(number - first, System.nanoTime());
                            }
                        }
                    }
                    return null;
                }));
            }
            List<Future<?>> published = new ArrayList<>();
            Pace pace = Pace.perSecond(Plan.REST_EVENTS_PER_SECOND);
            for (int i = 0; i < count; i++) {
                pace.awaitTurn();
                publishedAt[i] = System.nanoTime();
                published.add(publisher.publish(task.startTopic(), first + i));
            }
            for (Future<?> each : published) {
                each.get();
            }
            awaitReplies(answered + count, reading);
        } finally {
            readers.forEach(ReplyReader::close);
        }
        double[] added = new double[count];
        for (int i = 0; i < count; i++) {
            added[i] = (receivedAt.get(i) - publishedAt[i] - latency.toNanos()) / 1e6;
        }
        return new Measured.Rest(Statistics.median(added), Statistics.percentile(added, 0.99));
    }

    private void awaitReplies(int count, List<Future<?>> reading) throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (tally.answered() < count && System.nanoTime() < deadline) {
            for (Future<?> each : reading) {
                if (each.state() == Future.State.FAILED) {
                    each.get();
                }
            }
            Thread.sleep(20);
        }
        if (tally.answered() < count) {
            reading.forEach(each -> each.cancel(true));
            throw new BenchFailure("at rest, " + (count - tally.answered()) + " events were not answered within "
                    + PATIENCE.toSeconds() + " s");
        }
        for (Future<?> each : reading) {
            each.get();
        }
    }
}
