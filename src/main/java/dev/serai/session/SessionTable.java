package dev.serai.session;

import dev.serai.kafka.RecordKey;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What is remembered of the conversations of the start topic's partitions that this process owns, by partition and
 * conversation key. An entry whose last event was answered longer ago than the retention is as good as forgotten.
 *
 * <p>Thread-safe; nothing here waits. Of one conversation only one thread may write at a time, as lanes see to. A
 * conversation with a key of 20 bytes, one session and one event takes about 180 bytes of heap if their ids are UUIDs,
 * 210 if it was ended for good, and 160 if nothing but that is known of it; 200, 250 and 180 if they are other texts of that
 * length.
 */
public final class SessionTable {
    private final Duration retention;
    private final Clock clock;
    private final ConcurrentMap<Integer, ConcurrentMap<RecordKey, byte[]>> partitions = new ConcurrentHashMap<>();

    /** What is being read in, by partition; changed, as the partitions that are open, under this map's own lock. */
    private final Map<Integer, Load> loads = new HashMap<>();

    /** @param retention at least 1 ms */
    public SessionTable(Duration retention, Clock clock) {
        if (retention.toMillis() < 1) {
            throw new IllegalArgumentException("the retention of sessions must be at least 1 ms, was " + retention);
        }
        this.retention = retention;
        this.clock = clock;
    }

    /**
     * A partition that is being read in: nobody sees it before it is {@link #open}. Whoever closes the partition, opens it
     * or begins another load of it meanwhile has made this one void. For one thread.
     */
    public final class Load {
        private final int partition;
        private final ConcurrentMap<RecordKey, byte[]> conversations = new ConcurrentHashMap<>();

        private Load(int partition) {
            this.partition = partition;
        }

        /**
         * Remembers the state in place of an earlier one, unless it has expired.
         *
         * @param key not copied, never to be changed
         */
        public void put(byte[] key, ConversationState state) {
            SessionTable.this.put(conversations, key, state);
        }

        /** Forgets the conversation. */
        public void forget(byte[] key) {
            conversations.remove(new RecordKey(key));
        }

        /**
         * Opens the partition with what was read.
         *
         * @return false if this load is void: the partition is then left as it is
         */
        public boolean open() {
            synchronized (loads) {
                if (!loads.remove(partition, this)) {
                    return false;
                }
                partitions.put(partition, conversations);
                return true;
            }
        }

        /** Leaves the partition closed; without effect if this load is void or has opened it. */
        public void giveUp() {
            synchronized (loads) {
                loads.remove(partition, this);
            }
        }
    }

    /** Begins to read a partition in; what it held before is dropped, and it is closed until the load opens it. */
    public Load load(int partition) {
        Load load = new Load(partition);
        synchronized (loads) {
            loads.put(partition, load);
            partitions.remove(partition);
        }
        return load;
    }

    /** Begins to hold a partition, with no conversation in it; what it held before is dropped. */
    public void open(int partition) {
        load(partition).open();
    }

    /** Drops a partition with all of its conversations, and makes void what is being read in of it. */
    public void close(int partition) {
        synchronized (loads) {
            loads.remove(partition);
            partitions.remove(partition);
        }
    }

    /**
     * What is remembered of the conversation; {@link ConversationState#EMPTY} if nothing is.
     *
     * @throws IllegalStateException if the partition is not open
     */
    public ConversationState get(int partition, byte[] key) {
        ConcurrentMap<RecordKey, byte[]> conversations = partitions.get(partition);
        if (conversations == null) {
            throw new IllegalStateException("partition " + partition + " of the session table is not open");
        }
        byte[] compact = conversations.get(new RecordKey(key));
        return compact == null || isExpired(compact, oldest()) ? ConversationState.EMPTY : CompactState.state(compact);
    }

    /**
     * Remembers the state in place of an earlier one. Without effect when the partition is not open: a late result of a
     * partition that was lost must not come back. A partition that was lost and opened again cannot be told apart: its
     * late results must end before.
     *
     * @param key not copied, never to be changed
     */
    public void put(int partition, byte[] key, ConversationState state) {
        ConcurrentMap<RecordKey, byte[]> conversations = partitions.get(partition);
        if (conversations != null) {
            put(conversations, key, state);
        }
    }

    private void put(ConcurrentMap<RecordKey, byte[]> conversations, byte[] key, ConversationState state) {
        byte[] compact = CompactState.of(state);
        if (isExpired(compact, oldest())) {
            conversations.remove(new RecordKey(key));
        } else {
            conversations.put(new RecordKey(key), compact);
        }
    }

    /** Forgets the conversation. Without effect when the partition is not open. */
    public void forget(int partition, byte[] key) {
        ConcurrentMap<RecordKey, byte[]> conversations = partitions.get(partition);
        if (conversations != null) {
            conversations.remove(new RecordKey(key));
        }
    }

    /** The conversations in memory; expired ones count until {@link #expire}. */
    public int size() {
        return partitions.values().stream().mapToInt(Map::size).sum();
    }

    /** Takes expired conversations out of memory. Looks at each: for once in minutes, not for once per event. */
    public void expire() {
        long oldest = oldest();
        // Removes an entry only while it holds the array that was looked at: what was put since stays.
        partitions
                .values()
                .forEach(conversations -> conversations.values().removeIf(compact -> isExpired(compact, oldest)));
    }

    private long oldest() {
        return clock.millis() - retention.toMillis();
    }

    private static boolean isExpired(byte[] compact, long oldest) {
        return CompactState.updatedAt(compact) < oldest;
    }
}
