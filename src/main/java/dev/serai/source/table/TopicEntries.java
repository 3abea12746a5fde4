package dev.serai.source.table;

import dev.serai.kafka.RecordKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest value of each key of a topic. Within a partition, records come in their order, and the last one counts. A
 * key may have records in several partitions, as when partitions were added or producers place them differently, and
 * these come in no certain order: the partition with the key's greatest timestamp counts then, of equal ones the
 * higher partition. So whatever comes first, the outcome is the same.
 *
 * <p>An entry is one array, since a million of them stay in memory: a state (1 byte), the partition (4), its greatest
 * timestamp (8), the value. Removed keys stay until {@link #complete}, for the sake of partitions that are behind.
 *
 * <p>One thread writes, any number may read.
 */
final class TopicEntries {
    private static final Logger log = LoggerFactory.getLogger(TopicEntries.class);

    private static final int PARTITION_AT = Byte.BYTES;
    private static final int TIMESTAMP_AT = PARTITION_AT + Integer.BYTES;
    private static final int HEADER_BYTES = TIMESTAMP_AT + Long.BYTES;
    private static final byte VALUE = 0;
    private static final byte REMOVED = 1;
    private static final byte TOO_LARGE = 2;
    private static final byte[] NOTHING = {};

    private final ConcurrentMap<RecordKey, byte[]> entries = new ConcurrentHashMap<>();
    private final int maxValueBytes;
    private boolean complete;
    private boolean keyMissed;

    /** The key has a value, but a larger one than is kept. */
    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1;
    }

    TopicEntries(int maxValueBytes) {
        this.maxValueBytes = maxValueBytes;
    }

    void take(ConsumerRecord<byte[], byte[]> taken) {
        if (taken.key() == null) {
            if (!keyMissed) {
                log.warn("record {} has no key: it is left out, and so are others like it", place(taken));
                keyMissed = true;
            }
            return;
        }
        var key = new RecordKey(taken.key());
        byte[] earlier = entries.get(key);
        long timestamp = taken.timestamp();
        if (earlier != null && partition(earlier) == taken.partition()) {
            timestamp = Math.max(timestamp, timestamp(earlier));
        } else if (earlier != null && isLater(earlier, taken)) {
            return;
        }
        byte[] value = taken.value();
        if (value == null && complete) {
            entries.remove(key);
        } else {
            entries.put(key, entry(taken, timestamp));
        }
    }

    private byte[] entry(ConsumerRecord<?, byte[]> taken, long timestamp) {
        byte[] value = taken.value();
        if (value == null) {
            return entry(REMOVED, taken.partition(), timestamp, NOTHING);
        }
        if (value.length > maxValueBytes) {
            log.warn(
                    "record {} has a value of {} bytes, more than {}: look-ups of its key fail",
                    place(taken),
                    value.length,
                    maxValueBytes);
            return entry(TOO_LARGE, taken.partition(), timestamp, NOTHING);
        }
        return entry(VALUE, taken.partition(), timestamp, value);
    }

    /** From now on, records of a key come in their order. */
    void complete() {
        entries.values().removeIf(entry -> entry[0] == REMOVED);
        complete = true;
    }

    /**
     * A copy of the value; null if the key has none.
     *
     * @param key not copied, never to be changed
     */
    byte @Nullable [] get(byte[] key) throws TooLargeException {
        byte[] entry = entries.get(new RecordKey(key));
        if (entry == null || entry[0] == REMOVED) {
            return null;
        }
        if (entry[0] == TOO_LARGE) {
            throw new TooLargeException();
        }
        return Arrays.copyOfRange(entry, HEADER_BYTES, entry.length);
    }

    long size() {
        return entries.size();
    }

    private static byte[] entry(byte state, int partition, long timestamp, byte[] value) {
        return ByteBuffer.allocate(HEADER_BYTES + value.length)
                .put(state)
                .putInt(partition)
                .putLong(timestamp)
                .put(value)
                .array();
    }

    private static int partition(byte[] entry) {
        return ByteBuffer.wrap(entry).getInt(PARTITION_AT);
    }

    private static long timestamp(byte[] entry) {
        return ByteBuffer.wrap(entry).getLong(TIMESTAMP_AT);
    }

    private static boolean isLater(byte[] entry, ConsumerRecord<?, ?> taken) {
        int byTime = Long.compare(timestamp(entry), taken.timestamp());
        return byTime != 0 ? byTime > 0 : partition(entry) > taken.partition();
    }

    private static String place(ConsumerRecord<?, ?> taken) {
        return taken.topic() + "-" + taken.partition() + "-" + taken.offset();
    }
}
