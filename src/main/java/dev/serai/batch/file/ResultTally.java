package dev.serai.batch.file;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/** Which rows have a result, and of which kind. For one thread. */
public final class ResultTally {
    private final BitSet rows = new BitSet();
    private final BitSet toBeTriedAgain = new BitSet();
    private final Map<String, Long> failed = new TreeMap<>();
    private long started;

    boolean add(ResultRow row) {
        if (rows.get(row.number())) {
            return false;
        }
        rows.set(row.number());
        if (row.isStarted()) {
            started++;
        } else {
            failed.merge(row.category().isEmpty() ? row.status() : row.category(), 1L, Long::sum);
        }
        if (row.canBeTriedAgain()) {
            toBeTriedAgain.set(row.number());
        }
        return true;
    }

    /** Whether a row has one. */
    public boolean has(int number) {
        return rows.get(number);
    }

    /** Rows with a result. */
    public long count() {
        return rows.cardinality();
    }

    /** Rows with a room. */
    public long started() {
        return started;
    }

    /** Rows without a room, by why. */
    public Map<String, Long> failed() {
        return new TreeMap<>(failed);
    }

    BitSet toBeTriedAgain() {
        return (BitSet) toBeTriedAgain.clone();
    }
}
