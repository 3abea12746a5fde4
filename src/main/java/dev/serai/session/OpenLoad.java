package dev.serai.session;

import dev.serai.kafka.RecordKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The open sessions of a partition that is being read in: nobody sees them before it is {@link #open}. Whoever closes the
 * partition, opens it or begins another load of it meanwhile has made this one void. For one thread.
 */
final class OpenLoad {
    private final OpenSessions table;
    private final int partition;
    private final Map<RecordKey, Sealed> conversations = new HashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // passed on as it came and never compared
    private record Sealed(RecordKey key, byte[] keyBytes, List<SealedSession> sessions) {}

    /**
     * What a load has come to.
     *
     * @param unknownKeys how many are sealed with keys that are not there, by the keys' ids
     * @param damaged how many cannot be opened although their key is there
     */
    record Outcome(boolean open, SortedMap<String, Integer> unknownKeys, int damaged) {
        int lost() {
            return damaged + unknownKeys.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    OpenLoad(OpenSessions table, int partition) {
        this.table = table;
        this.partition = partition;
    }

    int partition() {
        return partition;
    }

    /**
     * What the conversation's record names, in place of what an earlier one does; those that are over are left out.
     *
     * @param key not copied, never to be changed
     */
    void put(byte[] key, List<SealedSession> sessions) {
        RecordKey of = new RecordKey(key);
        List<SealedSession> open =
                sessions.stream().filter(session -> !table.isOver(session)).toList();
        if (open.isEmpty()) {
            conversations.remove(of);
        } else {
            conversations.put(of, new Sealed(of, key, open));
        }
    }

    /** The conversation is forgotten. */
    void forget(byte[] key) {
        conversations.remove(new RecordKey(key));
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

    /** Leaves the partition closed; without effect if this load is void or has opened it. */
    void giveUp() {
        table.giveUp(this);
    }
}
