package dev.serai.batch.run;

import dev.serai.batch.JobRecords;
import dev.serai.kafka.CompactedTopicReader;
import dev.serai.kafka.CompactedTopicReader.Gap;
import dev.serai.kafka.CompactedTopicReader.Shape;
import dev.serai.loop.OutOfMemory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that were cancelled, whichever replica runs them: rows that were handed over wait in all replicas. The whole topic
 * of jobs is read from its beginning, and followed; until it is there it is looked for now and then. Whatever goes wrong is tried again; what is
 * known stays. Thread-safe, but for {@link #start}.
 */
public final class CancelledJobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CancelledJobs.class);

    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(3);
    private static final Duration SHAPE_INTERVAL = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private final Map<String, Object> kafka;
    private final String topic;
    private final Trouble trouble;

    /** Why, by job. */
    private final Map<String, String> cancelled = new ConcurrentHashMap<>();

    private final CountDownLatch looked = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private Consumer<String> listener = job -> {};

    /** Starts nothing. */
    CancelledJobs(Map<String, Object> kafka, String topic) {
        this.kafka = kafka;
        this.topic = topic;
        trouble = new Trouble(LOG, "whether jobs were cancelled is not known to this replica");
        thread = Thread.ofPlatform().daemon().name("serai-cancelled-jobs").unstarted(this::run);
    }

    /**
     * Begins to read; once.
     *
     * @param told is told of each job once it is known to be cancelled; must not block
     */
    public void start(Consumer<String> told) {
        listener = told;
        thread.start();
    }

    /** Waits until all is known that is so now, or that cannot be known soon, or the time has passed. */
    public void awaitLook(Duration limit) throws InterruptedException {
        if (!looked.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.info("{} is not read to its end yet: events of jobs that were cancelled may still open rooms", topic);
        }
    }

    /** Why nothing of a job is wanted any more, for whoever reads its answers; empty if it is. */
    public Optional<String> why(String job) {
        return Optional.ofNullable(cancelled.get(job));
    }

    private void run() {
        while (!closesWithin(Duration.ZERO)) {
            Duration pause = LOOK_INTERVAL;
            try (var reader = new CompactedTopicReader(kafka, topic, Gap.FAIL, ANSWER)) {
                follow(reader);
            } catch (InterruptException | WakeupException e) {
                LOG.debug("reading {} was interrupted", topic, e);
            } catch (UnknownTopicOrPartitionException e) {
                // There are no jobs.
                trouble.over();
            } catch (Exception | Error e) {
                OutOfMemory.endProcessIf(e);
                trouble.met(e);
                LOG.debug("reading {} failed", topic, e);
                pause = PAUSE;
            }
            looked.countDown();
            closesWithin(pause);
        }
    }

    /** Returns when the topic was made anew, or this is closed. */
    private void follow(CompactedTopicReader reader) {
        Shape shape = reader.shape();
        reader.begin(partitions(0, shape.partitions()));
        long shapeAt = System.nanoTime();
        while (!closesWithin(Duration.ZERO)) {
            reader.readMore(POLL, this::take);
            if (reader.isAtEnd()) {
                looked.countDown();
                trouble.over();
            }
            if (System.nanoTime() - shapeAt >= SHAPE_INTERVAL.toNanos()) {
                Shape now = reader.shape();
                if (!now.id().equals(shape.id())) {
                    return;
                }
                if (now.partitions() > shape.partitions()) {
                    reader.begin(partitions(shape.partitions(), now.partitions()));
                }
                shape = now;
                shapeAt = System.nanoTime();
            }
        }
    }

    private static Set<Integer> partitions(int from, int to) {
        return IntStream.range(from, to).boxed().collect(Collectors.toSet());
    }

    private void take(ConsumerRecord<byte[], byte[]> read) {
        JobRecords.command(read.key(), read.value()).ifPresent(asked -> {
            if (asked.command() == null || !asked.command().isCancel()) {
                cancelled.remove(asked.job());
            } else if (cancelled.put(asked.job(), asked.command().why(asked.job())) == null) {
                listener.accept(asked.job());
            }
        });
    }

    private boolean closesWithin(Duration pause) {
        try {
            return closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** What keeps it from being known; empty while nothing does. */
    Optional<String> problem() {
        return trouble.text();
    }

    /** Ends the reading, within a few seconds. */
    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            if (thread.isAlive() && !thread.join(CLOSE)) {
                LOG.warn("reading {} did not end in time", topic);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
