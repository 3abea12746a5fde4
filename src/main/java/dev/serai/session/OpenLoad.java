package dev.serai.session;

import dev.serai.kafka.RecordKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The open sessions of a partition that is being read in: nobody sees them before it is {@link #open}. Whoever closes the
 * partition, opens it or begins another load of it meanwhile has made this one void. For one thread.
 */
final class OpenLoad {
    private final OpenSessions table;
    private final int partition;
    private final LoadBudget budget;

    /** The one that was written last is the last. */
    private final SequencedMap<RecordKey, Sealed> conversations = new LinkedHashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // passed on as it came and never compared
    private record Sealed(RecordKey key, byte[] keyBytes, List<SealedSession> sessions) {
        /** Beside what is sealed, about. */
        private static final int SESSION_BYTES = 500;

        long bytes() {
            return sessions.stream()
                    .mapToLong(session -> SESSION_BYTES + session.sealed().length)
                    .sum();
        }
    }

    /**
     * What a load has come to.
     *
     * @param unknownKeys how many are sealed with keys that are not there, by the keys' ids
     * @param damaged how many cannot be opened although their key is there
     */
    record Outcome(boolean open, SortedMap<String, Integer> unknownKeys, int damaged) {
        int lost() {
            return damaged
                    + unknownKeys.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    OpenLoad(OpenSessions table, LoadBudget budget, int partition) {
        this.table = table;
        this.budget = budget;
        this.partition = partition;
    }

    int partition() {
        return partition;
    }

    /**
     * What the conversation's record names, in place of what an earlier one does; those that are not to be known any more are
     * left out.
     *
     * @param key not copied, never to be changed
     */
    void put(byte[] key, List<SealedSession> sessions) {
        RecordKey of = new RecordKey(key);
        List<SealedSession> open =
                sessions.stream().filter(session -> !table.isForgotten(session)).toList();
        drop(conversations.remove(of));
        if (open.isEmpty()) {
            return;
        }
        Sealed sealed = new Sealed(of, key, open);
        budget.take(sealed.bytes());
        conversations.put(of, sealed);
        int lost = 0;
        while (budget.isExceeded() && !conversations.isEmpty()) {
            Sealed earliest = conversations.pollFirstEntry().getValue();
            drop(earliest);
            lost += (int) earliest.sessions().stream()
                    .filter(session -> !table.isOver(session))
                    .count();
        }
        if (lost > 0) {
            table.lost(OpenSessionsListener.Lost.TOO_MANY, lost);
        }
    }

    private void drop(@Nullable Sealed conversation) {
        if (conversation != null) {
            budget.giveBack(conversation.bytes());
        }
    }

    /** The conversation is forgotten. */
    void forget(byte[] key) {
        drop(conversations.remove(new RecordKey(key)));
    }

    /** Opens the partition with those that can be unsealed. */
    Outcome open(SessionSealer sealer) {
        SortedMap<String, Integer> unknownKeys = new TreeMap<>();
        int damaged = 0;
        Map<RecordKey, List<OpenSession>> opened = new HashMap<>();
        for (Sealed conversation : conversations.values()) {
            List<OpenSession> sessions = new ArrayList<>();
            for (SealedSession sealed : conversation.sessions()) {
                try {
                    sessions.add(sealer.open(conversation.keyBytes(), sealed));
                } catch (UnsealableException e) {
                    if (sealer.has(sealed.keyId())) {
                        damaged++;
                    } else {
                        unknownKeys.merge(sealed.keyId(), 1, Integer::sum);
                    }
                }
            }
            opened.put(conversation.key(), sessions);
        }
        Outcome outcome = new Outcome(table.open(this, opened), unknownKeys, damaged);
        if (outcome.open() && outcome.lost() > 0) {
            table.lost(OpenSessionsListener.Lost.SEALED, outcome.lost());
        }
        return outcome;
    }

    /** Leaves the partition closed, unless this load is void or has opened it; and in any case what it has read. */
    void giveUp() {
        conversations.values().forEach(this::drop);
        conversations.clear();
        table.giveUp(this);
    }
}
