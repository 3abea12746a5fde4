package dev.serai.session;

import dev.serai.kafka.RecordKey;
import dev.serai.session.OpenSessionsListener.Lost;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The content of {@link OpenSessions}, by partition and conversation. For use under its lock. */
final class OpenTable {
    private final int mostSessions;
    private final OpenOrder order;
    private final Map<Integer, Owned> partitions = new HashMap<>();
    private List<News> news = new ArrayList<>();
    private long number;

    /** What listeners are to be told once the lock is free. */
    interface News {
        void tell(OpenSessionsListener listener);
    }

    /** One partition. */
    private static final class Owned {
        final Map<RecordKey, List<OpenEntry>> conversations = new HashMap<>();
        final Set<OpenEntry> entries = new HashSet<>();
    }

    OpenTable(OpenSessions.Bounds bounds) {
        mostSessions = bounds.sessions();
        order = new OpenOrder(bounds.replyBytes());
    }

    OpenOrder order() {
        return order;
    }

    /** What has happened since the last call. */
    List<News> takeNews() {
        if (news.isEmpty()) {
            return List.of();
        }
        List<News> taken = news;
        news = new ArrayList<>();
        return taken;
    }

    void tell(News more) {
        news.add(more);
    }

    /** Begins to hold a partition, with nothing in it. */
    void open(int partition) {
        partitions.put(partition, new Owned());
    }

    /**
     * Drops a partition with all that is in it.
     *
     * @return how many were to be ended at a time, and are in no record
     */
    int drop(int partition) {
        Owned owned = partitions.remove(partition);
        if (owned == null) {
            return 0;
        }
        int lost = 0;
        for (OpenEntry entry : owned.entries) {
            if (!entry.ended && !entry.recorded && entry.session.closeAt() != null) {
                lost++;
            }
            order.remove(entry);
        }
        int count = lost;
        if (count > 0) {
            news.add(listener -> listener.lost(Lost.HANDED_OVER, count));
        }
        return count;
    }

    /** Those of the conversation, the ended ones among them, in the order of their coming. */
    List<OpenEntry> entries(int partition, byte[] key) {
        Owned owned = partitions.get(partition);
        return owned == null ? List.of() : owned.conversations.getOrDefault(new RecordKey(key), List.of());
    }

    /** Without effect when the partition is not open. */
    void add(
            int partition,
            @Nullable RecordKey key,
            OpenSession session,
            Instant overAt,
            Instant forgottenAt,
            boolean recorded,
            Instant now) {
        Owned owned = partitions.get(partition);
        if (owned == null) {
            return;
        }
        OpenEntry entry = new OpenEntry(partition, key, number++, overAt, forgottenAt, session);
        entry.recorded = recorded;
        if (key != null) {
            List<OpenEntry> others = owned.conversations.get(key);
            if (others != null && others.size() >= OpenSessions.MAX_OF_CONVERSATION) {
                drop(others.getFirst());
            }
            owned.conversations
                    .computeIfAbsent(key, unknown -> new ArrayList<>(1))
                    .add(entry);
        }
        owned.entries.add(entry);
        order.add(entry, now);
        if (order.size() > mostSessions) {
            drop(order.first());
        }
    }

    private void drop(OpenEntry entry) {
        // One that counts as over was not missed, as a rule: to tell of each would be a false alarm where there are
        // many.
        if (entry.counts && !entry.ended) {
            news.add(listener -> listener.lost(Lost.TOO_MANY, 1));
        }
        remove(entry);
    }

    /** Its time is over: it counts no more, and is known as long as somebody may have to end it. */
    void idled(OpenEntry entry) {
        if (entry.ended) {
            remove(entry);
        } else {
            order.idled(entry);
        }
    }

    /** It is over, and kept as long as the record may name it. */
    void over(OpenEntry entry) {
        if (entry.recorded) {
            order.over(entry);
        } else {
            remove(entry);
        }
    }

    /** The record does not name it any more. */
    void unrecorded(OpenEntry entry) {
        if (entry.counts) {
            entry.recorded = false;
        } else {
            remove(entry);
        }
    }

    void remove(OpenEntry entry) {
        order.remove(entry);
        Owned owned = partitions.get(entry.partition);
        if (owned == null) {
            return;
        }
        owned.entries.remove(entry);
        if (entry.key != null) {
            owned.conversations.computeIfPresent(entry.key, (key, entries) -> {
                entries.remove(entry);
                return entries.isEmpty() ? null : entries;
            });
        }
    }
}
