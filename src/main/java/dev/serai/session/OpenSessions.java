package dev.serai.session;

import dev.serai.kafka.RecordKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that may be open, of the partitions that this process owns: what can be ended, and when. In the words of this
 * package a session is
 *
 * <ul>
 *   <li><b>ended</b> once the provider was told to end it, or has said that it is gone: nobody has to end it any more;
 *   <li><b>over</b> once it counts as open no more: it was ended, or so long ago opened, or to be ended, that it is taken to have
 *       ended by itself, for the provider never tells of that;
 *   <li><b>forgotten</b> once it is not known any more: if only an end event ends it, {@link OpenSession#KNOWN} after it was
 *       opened, for somebody may still talk in it, and what is over can be ended without harm; else when it is over;
 *   <li><b>lost</b> if it may be open and is not known: dropped for want of room, or sealed with a key that is not there.
 * </ul>
 *
 * <p>Bounded: {@link #MAX_OF_CONVERSATION} of a conversation, and {@link Bounds} in all; beyond them the earliest are dropped,
 * first those that are over; others are told of as lost. One takes about 600 bytes of heap beside its reply; conversations
 * without any take none.
 *
 * <p>Thread-safe. Nothing here waits but for a short lock.
 */
public final class OpenSessions {
    public static final int MAX_OF_CONVERSATION = 16;

    private final Duration idle;
    private final Clock clock;
    private final LoadBudget loading;
    private final List<OpenSessionsListener> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** By tenant; read without the lock. */
    private final ConcurrentMap<String, Long> counts = new ConcurrentHashMap<>();

    /* Under the lock. */
    private final OpenTable table;
    private final Map<Integer, OpenLoad> loads = new HashMap<>();

    /**
     * How much is kept.
     *
     * @param sessions at least 1
     * @param replyBytes of the replies, together; 0: none is kept
     */
    public record Bounds(int sessions, long replyBytes) {
        private static final int SESSION_BYTES = 600;

        /** A twentieth of the heap for sessions, up to a hundred thousand, and a fiftieth for replies, up to 32 MiB. */
        public static Bounds of(long heap) {
            return new Bounds(Math.clamp(heap / 20 / SESSION_BYTES, 1_000, 100_000), Math.min(heap / 50, 32L << 20));
        }
    }

    /** @param idle how long a session counts as open that nobody has ended; at least 1 ms */
    public OpenSessions(Duration idle, Clock clock, Bounds bounds) {
        this.idle = idle;
        this.clock = clock;
        loading = new LoadBudget(bounds.sessions() * (long) Bounds.SESSION_BYTES + bounds.replyBytes());
        table = new OpenTable(bounds);
    }

    public void listen(OpenSessionsListener listener) {
        listeners.add(listener);
    }

    private <T> T locked(Supplier<T> work) {
        T result;
        List<OpenTable.News> news;
        lock.lock();
        try {
            Instant now = clock.instant();
            for (OpenEntry entry = table.order().idle(now);
                    entry != null;
                    entry = table.order().idle(now)) {
                table.idled(entry);
            }
            for (OpenEntry entry = table.order().forgotten(now);
                    entry != null;
                    entry = table.order().forgotten(now)) {
                table.remove(entry);
            }
            result = work.get();
            for (String tenant : table.order().takeChanged()) {
                publish(tenant);
            }
            news = table.takeNews();
        } finally {
            lock.unlock();
        }
        for (OpenTable.News each : news) {
            listeners.forEach(each::tell);
        }
        return result;
    }

    private void publish(String tenant) {
        long now = table.order().open(tenant);
        Long before = counts.put(tenant, now);
        if (before != null && now < before) {
            table.tell(listener -> listener.fewer(tenant));
        }
    }

    /**
     * A reply has told of the session. Without effect when the partition is not open.
     *
     * @param key of the conversation; null if its event has none; not copied, never to be changed
     */
    public void opened(int partition, byte @Nullable [] key, OpenSession session) {
        RecordKey of = key == null ? null : new RecordKey(key);
        locked(() -> {
            add(partition, of, session, false);
            return null;
        });
    }

    /* Under the lock. */
    private void add(int partition, @Nullable RecordKey key, OpenSession session, boolean recorded) {
        Instant overAt = OpenSession.overAt(session.openedAt(), session.closeAt(), idle);
        // Without a key no end event finds it.
        Instant forgottenAt =
                key == null ? overAt : OpenSession.forgottenAt(session.openedAt(), session.closeAt(), idle);
        table.add(partition, key, session, overAt, forgottenAt, recorded, clock.instant());
    }

    boolean isOver(SealedSession session) {
        return session.isOver(idle, clock.instant());
    }

    boolean isForgotten(SealedSession session) {
        return session.isForgotten(idle, clock.instant());
    }

    /** How long a session counts as open that nobody has ended. */
    public Duration idle() {
        return idle;
    }

    /**
     * Those of the conversation that may be open, also such as count as over, in the order of their opening; empty when the
     * partition is not.
     */
    public List<OpenSession> of(int partition, byte[] key) {
        return known(partition, key, entry -> !entry.ended);
    }

    /**
     * The same for who is to end them: also those that somebody is ending at their time, and may not be able to.
     */
    public List<OpenSession> toEnd(int partition, byte[] key) {
        return known(partition, key, OpenEntry::mayBeEnded);
    }

    private List<OpenSession> known(int partition, byte[] key, Predicate<OpenEntry> which) {
        return locked(() -> table.entries(partition, key).stream()
                .filter(which)
                .map(entry -> entry.session)
                .toList());
    }

    /**
     * The session was ended.
     *
     * @return false if it was not known
     */
    public boolean ended(int partition, byte[] key, OpenSession session) {
        return locked(() -> {
            for (OpenEntry entry : table.entries(partition, key)) {
                if (entry.mayBeEnded() && entry.session.isSame(session)) {
                    table.over(entry);
                    return true;
                }
            }
            return false;
        });
    }

    /** Takes those that are to be ended by now. They still count as open, until they are {@link #over}. */
    public List<DueSession> takeDue() {
        return locked(() -> {
            List<DueSession> due = new ArrayList<>();
            Instant now = clock.instant();
            for (OpenEntry entry = table.order().due(now);
                    entry != null;
                    entry = table.order().due(now)) {
                due.add(new DueSession(entry));
                table.order().ended(entry);
            }
            return due;
        });
    }

    /** The session was ended: it does not count any more. Without effect when it does not anyway. */
    public void over(DueSession due) {
        locked(() -> {
            if (due.entry.counts) {
                table.over(due.entry);
            }
            return null;
        });
    }

    /**
     * The session could not be ended at its time: it still counts, and an end event finds it. It is not taken again. Without
     * effect when it does not count any more, as somebody else has ended it.
     */
    public void left(DueSession due) {
        locked(() -> {
            if (due.entry.counts) {
                due.entry.ended = false;
            }
            return null;
        });
    }

    /** How many of a tenant are open. */
    public long open(String tenant) {
        return locked(() -> table.order().open(tenant));
    }

    /** How many of a tenant were open when anything was last done here; without a lock, for those who hold one. */
    public long lastOpen(String tenant) {
        return counts.getOrDefault(tenant, 0L);
    }

    /** When the first of a tenant's open sessions is to be ended, or counts as over; empty if none is open. */
    public Optional<Instant> nextOver(String tenant) {
        return locked(() -> table.order().nextOver(tenant));
    }

    /** What the replies that are kept take. */
    public long replyBytes() {
        return locked(() -> table.order().replyBytes());
    }

    /** Whether sessions were ended that the conversation's record still names. */
    public boolean isRecordLate(int partition, byte[] key) {
        return locked(() -> table.entries(partition, key).stream().anyMatch(entry -> entry.ended && entry.recorded));
    }

    /** The conversation's record names those that are open, and no others. */
    public void recorded(int partition, byte[] key) {
        locked(() -> {
            for (OpenEntry entry : List.copyOf(table.entries(partition, key))) {
                if (entry.ended) {
                    table.unrecorded(entry);
                } else {
                    entry.recorded = true;
                }
            }
            return null;
        });
    }

    /** The topic does not take the conversation's record with its replies: they are not kept any more. */
    public void dropReplies(int partition, byte[] key) {
        locked(() -> {
            table.entries(partition, key).forEach(table.order()::dropReply);
            return null;
        });
    }

    /** The conversation is forgotten: of its open sessions only what ends them at their time is kept, and whose they are. */
    public void forget(int partition, byte[] key) {
        locked(() -> {
            for (OpenEntry entry : List.copyOf(table.entries(partition, key))) {
                boolean open = entry.counts && !entry.ended;
                table.remove(entry);
                if (open) {
                    add(partition, null, entry.session.nameless(), false);
                }
            }
            return null;
        });
    }

    /** Begins to read a partition in; what it held before is dropped, and it is closed until the load opens it. */
    OpenLoad load(int partition) {
        OpenLoad load = new OpenLoad(this, loading, partition);
        locked(() -> {
            table.drop(partition);
            return loads.put(partition, load);
        });
        return load;
    }

    /**
     * Opens the partition of a load with what that has read.
     *
     * @return false if the load is void
     */
    boolean open(OpenLoad load, Map<RecordKey, List<OpenSession>> sessions) {
        return locked(() -> {
            if (!loads.remove(load.partition(), load)) {
                return false;
            }
            table.open(load.partition());
            sessions.forEach((key, all) -> all.forEach(session -> add(load.partition(), key, session, true)));
            return true;
        });
    }

    void giveUp(OpenLoad load) {
        locked(() -> loads.remove(load.partition(), load));
    }

    void lost(OpenSessionsListener.Lost why, int sessions) {
        listeners.forEach(listener -> listener.lost(why, sessions));
    }

    /** Begins to hold a partition, with no session in it; what it held before is dropped. */
    public void open(int partition) {
        open(load(partition), Map.of());
    }

    /**
     * Drops partitions with all of their sessions, and makes void what is being read in of them. Those that were to be ended
     * here at their time, and are in no record that the next owner reads, are lost.
     *
     * @return how many are lost
     */
    public int close(Set<Integer> partitions) {
        return locked(() -> {
            int lost = 0;
            for (int partition : partitions) {
                loads.remove(partition);
                lost += table.drop(partition);
            }
            return lost;
        });
    }
}
