package dev.serai.batch.run;

import dev.serai.batch.JobRecords;
import dev.serai.kafka.CompactedTopicReader;
import dev.serai.kafka.CompactedTopicReader.Gap;
import dev.serai.kafka.CompactedTopicReader.Shape;
import dev.serai.kafka.KafkaAnswers;
import dev.serai.loop.OutOfMemory;
import dev.serai.loop.Pause;
import dev.serai.loop.RepeatedWarning;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that were cancelled, whichever replica runs them: rows that were handed over wait in all replicas. The whole topic
 * of jobs is read from its beginning, and followed; until it is there, one client looks for it now and then. Whatever goes wrong
 * is tried again, after pauses of up to 30 s; what is known stays. Thread-safe, but for {@link #start}.
 */
public final class CancelledJobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CancelledJobs.class);

    private static final String NOT_KNOWN = "whether jobs were cancelled is not known to this replica";
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private final Supplier<CompactedTopicReader> readers;
    private final String topic;
    private final Pauses pauses;
    private final Pause pause;
    private final RepeatedWarning trouble = new RepeatedWarning(LOG);

    /** Why, by job. */
    private final Map<String, String> cancelled = new ConcurrentHashMap<>();

    private final CountDownLatch looked = new CountDownLatch(1);
    private final StopFlag closing = new StopFlag();
    private final Thread thread;
    private ToIntFunction<String> listener = job -> 0;

    /**
     * @param look between two looks for the topic
     * @param shortest after a failure; twice as long after each that follows, up to {@code longest}
     * @param longest also between two looks at how the topic is, and at where it ends; who has not come there by then is behind
     */
    record Pauses(Duration look, Duration shortest, Duration longest) {}

    /** Starts nothing. */
    CancelledJobs(Map<String, Object> kafka, String topic) {
        this(
                () -> new CompactedTopicReader(kafka, topic, Gap.FAIL, ANSWER),
                topic,
                new Pauses(Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(30)));
    }

    /** @param readers of the topic from its beginning, which fail over gaps */
    CancelledJobs(Supplier<CompactedTopicReader> readers, String topic, Pauses pauses) {
        this.readers = readers;
        this.topic = topic;
        this.pauses = pauses;
        pause = new Pause(pauses.shortest(), pauses.longest());
        thread = Thread.ofPlatform().daemon().name("serai-cancelled-jobs").unstarted(this::run);
    }

    /**
     * Begins to read; once.
     *
     * @param told is told of each job that is known to be cancelled, more than once perhaps, and answers how many of its rows
     *     it takes back; must not block
     */
    public void start(ToIntFunction<String> told) {
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
        while (!closing.isRaised()) {
            try (CompactedTopicReader reader = readers.get()) {
                Shape shape = awaitTopic(reader);
                if (shape != null) {
                    follow(reader, shape);
                }
            } catch (InterruptException | WakeupException e) {
                LOG.debug("reading {} was interrupted", topic, e);
            } catch (UnknownTopicOrPartitionException e) {
                LOG.debug("{} is gone", topic, e);
                closing.isRaisedWithin(pauses.look());
            } catch (Exception | Error e) {
                failed(e);
            }
        }
    }

    /** Without the topic there are no jobs. One client for as long as that takes; null if this is closed before. */
    private @Nullable Shape awaitTopic(CompactedTopicReader reader) {
        while (!closing.isRaised()) {
            try {
                return reader.shape();
            } catch (UnknownTopicOrPartitionException e) {
                wentWell();
                pause.over();
                closing.isRaisedWithin(pauses.look());
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                failed(e);
            }
        }
        return null;
    }

    private void wentWell() {
        looked.countDown();
        trouble.over(NOT_KNOWN + ": that is over");
    }

    private void failed(Throwable e) {
        OutOfMemory.endProcessIf(e);
        met(e);
        LOG.debug("reading {} failed", topic, e);
        looked.countDown();
        closing.isRaisedWithin(pause.longer());
    }

    private void met(Throwable e) {
        trouble.met(e.getClass().getName(), NOT_KNOWN + ", which tries again: " + KafkaAnswers.reason(e));
    }

    /** Returns when the topic was made anew, or this is closed. A partition without a leader is read once it has one. */
    private void follow(CompactedTopicReader reader, Shape found) {
        Set<Integer> begun = new HashSet<>();
        begin(reader, found, begun);
        Shape shape = found;
        long lookedAt = System.nanoTime();
        while (!closing.isRaised()) {
            reader.readMore(POLL, this::take);
            boolean isAtEnd = reader.isAtEnd();
            if (isAtEnd && shape.leaderless().isEmpty()) {
                wentWell();
            } else if (isAtEnd) {
                looked.countDown();
            }
            if (System.nanoTime() - lookedAt < pauses.longest().toNanos()) {
                continue;
            }
            pause.over();
            lookedAt = System.nanoTime();
            shape = reader.shape();
            if (!shape.id().equals(found.id())) {
                return;
            }
            if (!isAtEnd) {
                met(reader.stopped());
            } else if (shape.leaderless().isEmpty()) {
                reader.expectEnd();
            }
            begin(reader, shape, begun);
        }
    }

    private void begin(CompactedTopicReader reader, Shape shape, Set<Integer> begun) {
        Set<Integer> added = IntStream.range(0, shape.partitions())
                .filter(partition ->
                        !begun.contains(partition) && !shape.leaderless().contains(partition))
                .boxed()
                .collect(Collectors.toSet());
        if (!added.isEmpty()) {
            reader.begin(added);
            begun.addAll(added);
        }
        if (!shape.leaderless().isEmpty()) {
            var partly = new LeaderNotAvailableException("partitions " + new TreeSet<>(shape.leaderless()) + " of "
                    + topic + " have no leader: look at the brokers; the others are read");
            if (begun.isEmpty()) {
                throw partly;
            }
            met(partly);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> read) {
        JobRecords.command(read.key(), read.value()).ifPresent(asked -> {
            if (asked.command() == null || !asked.command().isCancel()) {
                cancelled.remove(asked.job());
            } else {
                boolean isNews = cancelled.put(asked.job(), asked.command().why(asked.job())) == null;
                tell(asked.job(), isNews && looked.getCount() == 0);
            }
        });
    }

    /** One that was told before may be told again: it may have borne that badly. */
    private void tell(String job, boolean isNews) {
        int takenBack;
        try {
            takenBack = listener.applyAsInt(job);
        } catch (RuntimeException e) {
            LOG.warn("Job {} was cancelled, and not all of its rows that wait here could be taken back", job, e);
            return;
        }
        if (isNews || takenBack > 0) {
            LOG.info("Job {} was cancelled: {} of its rows that waited here are taken back", job, takenBack);
        }
    }

    /** What keeps it from being known; empty while nothing does. */
    Optional<String> problem() {
        return trouble.text();
    }

    /** Ends the reading, within a few seconds. */
    @Override
    public void close() {
        closing.raise();
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
