package dev.serai.source.table;

import dev.serai.kafka.CompactedTopicReader;
import dev.serai.loop.Counted;
import dev.serai.loop.OutOfMemory;
import dev.serai.loop.Pause;
import dev.serai.loop.RepeatedWarning;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a compacted topic from its beginning to its end, and follows it for good, on a thread of its own; while Kafka is away,
 * or the topic is not there, it tries again and again, with pauses of up to 10 s. See {@link TopicTable}. Thread-safe.
 */
final class TopicFollower implements AutoCloseable {
    /** What it says is said of the table. */
    private static final Logger log = LoggerFactory.getLogger(TopicTable.class);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /** Kafka's answers take less, and so does a transaction that is being decided. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private final String source;
    private final Map<String, Object> kafkaProperties;
    private final String topic;
    private final int maxValueBytes;
    private final Duration lookInterval;
    private final Thread thread;
    private final RepeatedWarning trouble = new RepeatedWarning(log);
    private final CountDownLatch restored = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Pause pause = new Pause(SHORTEST_PAUSE, LONGEST_PAUSE);
    private boolean following;
    private volatile @Nullable TopicEntries entries;
    private volatile boolean failing;

    /** By {@link System#nanoTime}. */
    private volatile long cameFurtherAt;

    TopicFollower(
            String source,
            Map<String, Object> kafkaProperties,
            String topic,
            int maxValueBytes,
            Duration lookInterval) {
        this.source = source;
        this.kafkaProperties = Map.copyOf(kafkaProperties);
        this.topic = topic;
        this.maxValueBytes = maxValueBytes;
        this.lookInterval = lookInterval;
        // No virtual thread: a consumer that waits for the network holds on to its carrier, of which there are few.
        thread = Thread.ofPlatform().daemon().name("serai-table-" + source).unstarted(this::run);
    }

    /** To be called once. */
    void start() {
        cameFurtherAt = System.nanoTime();
        thread.start();
    }

    /** What was read of the topic; null before it was read to its end for the first time. */
    @Nullable
    TopicEntries entries() {
        return entries;
    }

    boolean awaitRestored(Duration patience) throws InterruptedException {
        return restored.await(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
    }

    /** See {@link TopicTable#isReading}. */
    boolean isReading() {
        return !failing && System.nanoTime() - cameFurtherAt < LONGEST_SILENCE.toNanos();
    }

    /** Ends the reading, within 5 s at most. What is known stays. */
    @Override
    public void close() {
        end();
        try {
            if (thread.isAlive() && !thread.join(CLOSE_LIMIT)) {
                log.warn("source {}: reading {} did not end within {} s", source, topic, CLOSE_LIMIT.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void end() {
        closing.countDown();
        if (following) {
            // Wakes whatever the thread waits for: the consumer, or an answer to the admin client.
            thread.interrupt();
        }
    }

    /** The clients are closed without an interrupt: it would keep them from closing well. */
    private synchronized void setFollowing(boolean following) {
        this.following = following;
        if (!following) {
            Thread.interrupted();
        }
    }

    private void run() {
        while (isOpen()) {
            try {
                readOnce();
            } catch (InterruptedException e) {
                log.debug("source {}: a pause before reading {} was cut short", source, topic);
            }
        }
    }

    private void readOnce() throws InterruptedException {
        try (var reader =
                new CompactedTopicReader(kafkaProperties, topic, CompactedTopicReader.Gap.FAIL, ANSWER_LIMIT)) {
            try {
                setFollowing(true);
                if (isOpen()) {
                    follow(reader);
                }
            } catch (InterruptException e) {
                log.debug("source {}: waiting for {} ends", source, topic);
            } finally {
                setFollowing(false);
            }
        } catch (RuntimeException | Error e) {
            OutOfMemory.endProcessIf(e);
            meet(e);
        }
    }

    /** Returns when the topic has been replaced, or at the end. */
    private void follow(CompactedTopicReader reader) throws InterruptedException {
        long begin = System.nanoTime();
        var read = new TopicEntries(maxValueBytes);
        var reading = new TopicReading(reader, read, lookInterval);
        while (isOpen()) {
            try {
                switch (reading.step()) {
                    case NOTHING -> {}
                    case RECORDS -> cameFurther();
                    case END -> {
                        entries = read;
                        log.info(
                                "source {}: {} read to its end, {} in memory, {} ms",
                                source,
                                topic,
                                Counted.text(read.size(), "entry", "entries"),
                                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
                        recover();
                        restored.countDown();
                    }
                    case TOPIC -> {
                        if (reading.isComplete()) {
                            recover();
                        }
                    }
                    case OTHER_TOPIC -> {
                        log.info("source {}: {} was created anew: it is read from its beginning", source, topic);
                        return;
                    }
                }
            } catch (UnknownTopicOrPartitionException e) {
                throw e; // which is retriable to Kafka
            } catch (RetriableException e) {
                meet(e);
            }
        }
    }

    private void cameFurther() {
        failing = false;
        cameFurtherAt = System.nanoTime();
    }

    private void meet(Throwable e) throws InterruptedException {
        failing = true;
        trouble.met(
                e.getClass().getName(),
                "source " + source + ": topic " + topic + " cannot be read and is tried again and again; until then "
                        + (entries == null ? "look-ups fail: " : "what was read before is used: ") + e);
        log.debug("The trouble's origin", e);
        closing.await(pause.longer().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void recover() {
        cameFurther();
        trouble.over("source " + source + ": topic " + topic + " can be read again");
        pause.over();
    }

    private boolean isOpen() {
        return closing.getCount() > 0;
    }
}
