package dev.serai.source.table;

import dev.serai.source.SourceFailedException;
import dev.serai.source.SourceFailedException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(30);
    private final String topic;
    private final int maxValueBytes;
    private final TopicFollower follower;

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
        this.topic = topic;
        this.maxValueBytes = maxValueBytes;
        follower = new TopicFollower(source, kafkaProperties, topic, maxValueBytes, lookInterval);
    }

    /** Begins to read, and returns at once. To be called once. */
    public void start() {
        follower.start();
    }

    /** Waits until the topic was read to its end once; whether that came true in time. */
    public boolean awaitRestored(Duration patience) throws InterruptedException {
        return follower.awaitRestored(patience);
    }

    /**
     * Whether reading goes on: the latest try has not failed, as it does while there is no such topic, and something came
     * within the last 10 s. An open transaction holds reading up for as long as it is not decided.
     */
    public boolean isReading() {
        return follower.isReading();
    }

    /**
     * As {@link #get(String)}; while the topic is read for the first time, and reading goes on, it waits for that.
     *
     * @param patience how long at most
     */
    public byte @Nullable [] get(String key, Duration patience) throws SourceFailedException {
        try {
            if (follower.entries() == null && isReading() && !awaitRestored(patience)) {
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
        TopicEntries known = follower.entries();
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
        TopicEntries known = follower.entries();
        return known == null ? 0 : known.size();
    }

    /** Ends the reading, within 5 s at most. Look-ups go on being answered from what is known. */
    @Override
    public void close() {
        follower.close();
    }
}
