package dev.serai.source.table;

import dev.serai.kafka.CompactedTopicReader;
import dev.serai.loop.Counted;
import dev.serai.loop.OutOfMemory;
import dev.serai.loop.RepeatedWarning;
import dev.serai.source.SourceFailedException;
import dev.serai.source.SourceFailedException.Reason;
import java.nio.charset.StandardCharsets;
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
 * A compacted topic as a table in memory: the last committed value of each key. It is read from its beginning to its
 * end, and then followed for good, by a thread of its own and without a consumer group. Of a key with records in
 * several partitions, the partition with the greatest timestamp counts.
 *
 * <p>While Kafka is away, or the topic is not there, it is tried again and again, with pauses of up to 10 s; look-ups
 * fail before the topic was read to its end for the first time, and are answered from what is known after that. A topic
 * that was deleted and created again, which is noticed within about half a minute, is read into a table beside the
 * earlier one, and takes its place when all is read: for that time, both are in memory. Partitions that are added are
 * noticed within half a minute too.
 *
 * <p>Thread-safe. An entry takes about 116 bytes of heap beside the bytes of its key and its value.
 */
public final class TopicTable implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicTable.class);

    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(30);
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
    private Duration pause = SHORTEST_PAUSE;
    private boolean following;
    private volatile @Nullable TopicEntries entries;
    private volatile boolean failing;

    /** By {@link System#nanoTime}. */
    private volatile long cameFurtherAt;

    /**
     * @param source the source's name, for the log and for failures
     * @param kafkaProperties for consumers and admin clients, {@code bootstrap.servers} among them
     * @param maxValueBytes the largest value that is kept; the look-up of a key with a larger one fails
     */
    public TopicTable(String source, Map<String, Object> kafkaProperties, String topic, int maxValueBytes) {
        this(source, kafkaProperties, topic, maxValueBytes, LOOK_INTERVAL);
    }

    TopicTable(
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

    /** Begins to read, and returns at once. To be called once. */
    public void start() {
        cameFurtherAt = System.nanoTime();
        thread.start();
    }

    /** Waits until the topic was read to its end once; whether that came true in time. */
    public boolean awaitRestored(Duration patience) throws InterruptedException {
        return restored.await(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
    }

    /**
     * Whether reading goes on: the latest try has not failed, as it does while there is no such topic, and something came
     * within the last 10 s. An open transaction holds reading up for as long as it is not decided.
     */
    public boolean isReading() {
        return !failing && System.nanoTime() - cameFurtherAt < LONGEST_SILENCE.toNanos();
    }

    /**
     * As {@link #get(String)}; while the topic is read for the first time, and reading goes on, it waits for that.
     *
     * @param patience how long at most
     */
    public byte @Nullable [] get(String key, Duration patience) throws SourceFailedException {
        try {
            if (entries == null && isReading() && !awaitRestored(patience)) {
                throw new SourceFailedException(
                        Reason.TIMED_OUT,
                        "topic " + topic + " is still being read for the first time; waited for " + patience.toMillis()
                                + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceFailedException(Reason.FAILED, "waiting for topic " + topic + " was interrupted", e);
        }
        return get(key);
    }

    /**
     * The value of the last record with this key in UTF-8; null if there is none, or it was a tombstone. Does not wait.
     *
     * @return the caller's own array
     * @throws SourceFailedException if the topic has not been read to its end yet, or the value is too large
     */
    public byte @Nullable [] get(String key) throws SourceFailedException {
        TopicEntries known = entries;
        if (known == null) {
            throw new SourceFailedException(Reason.UNREACHABLE, "topic " + topic + " has not been read to its end yet");
        }
        try {
            return known.get(key.getBytes(StandardCharsets.UTF_8));
        } catch (TopicEntries.TooLargeException e) {
            throw new SourceFailedException(
                    Reason.UNUSABLE, "the value on topic " + topic + " has more than " + maxValueBytes + " bytes", e);
        }
    }

    /** The keys that have a value; 0 before the topic was read to its end for the first time. */
    public long size() {
        TopicEntries known = entries;
        return known == null ? 0 : known.size();
    }

    /** Ends the reading, within 5 s at most. Look-ups go on being answered from what is known. */
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
        if (!closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
            Duration longer = pause.multipliedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
    }

    private void recover() {
        cameFurther();
        trouble.over("source " + source + ": topic " + topic + " can be read again");
        pause = SHORTEST_PAUSE;
    }

    private boolean isOpen() {
        return closing.getCount() > 0;
    }
}
