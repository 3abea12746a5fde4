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
    private long bad;

    boolean add(ResultRow row) {
        if (rows.get(row.number())) {
            return false;
        }
        rows.set(row.number());
        if (row.isStarted()) {
            started++;
        } else if (row.canBeTriedAgain()) {
            failed.merge(row.category().isEmpty() ? row.status() : row.category(), 1L, Long::sum);
            toBeTriedAgain.set(row.number());
        } else {
            bad++;
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

    /** Rows with a result that had an event: all but bad ones. */
    public long answered() {
        return count() - bad;
    }

    /** Rows that had no event, for they are bad. */
    public long bad() {
        return bad;
    }

    /** Rows with a room. */
    public long started() {
        return started;
    }

    /** Rows whose event came to no room, by why. */
    public Map<String, Long> failed() {
        return new TreeMap<>(failed);
    }

    BitSet toBeTriedAgain() {
        return (BitSet) toBeTriedAgain.clone();
    }
}
