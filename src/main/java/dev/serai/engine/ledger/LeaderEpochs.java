package dev.serai.engine.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which leader epoch the records of a partition were written in, as far as they are known. Epochs only grow along a log,
 * so one entry for each change says it all. Offsets are used again with another epoch when a log was cut (KIP-101,
 * KIP-320): this is how that is noticed.
 *
 * <p>Not thread-safe.
 */
public final class LeaderEpochs {
    /** Of records of very old formats, and of commits of other tools. */
    public static final int UNKNOWN = -1;

    /** From this offset, inclusive, to the next entry, exclusive. */
    private final NavigableMap<Long, Integer> spans = new TreeMap<>();

    /** Exclusive: what lies beyond was not read, and nothing is said of it. */
    private long knownTo;

    /** @param start from where on records are read; nothing is known there yet */
    LeaderEpochs(long start) {
        knownTo = start;
    }

    /** @param from inclusive */
    record Span(long from, int epoch) {}

    void note(long offset, int epoch) {
        if (epoch != UNKNOWN && at(offset) != epoch) {
            spans.put(offset, epoch);
        }
        knowTo(offset + 1);
    }

    /** The last of the epochs holds as far as this, exclusive. */
    void knowTo(long offset) {
        knownTo = Math.max(knownTo, offset);
    }

    /** Exclusive: as far as epochs are known. */
    long knownTo() {
        return knownTo;
    }

    /** Whether a record there would be the first of a later epoch than all that is known. */
    boolean begins(long offset, int epoch) {
        return offset >= knownTo && newest() != UNKNOWN && epoch > newest();
    }

    /**
     * What the epoch of a record tells of its log.
     *
     * @param start where the ledger begins
     * @param lowest the lowest offset in flight, below which epochs may be forgotten
     * @return null if it is the log that is known, as far as that can be told
     */
    @Nullable
    ReadOutcome otherLog(long offset, int epoch, long start, long lowest) {
        boolean below = offset < start;
        if (epoch == UNKNOWN) {
            return below ? ReadOutcome.LOG_CUT : null;
        }
        if (epoch < oldest()) {
            // Between the two it is a record whose epoch was forgotten when it was complete.
            return below || offset >= lowest ? ReadOutcome.LOG_REPLACED : null;
        }
        if (below) {
            return ReadOutcome.LOG_CUT;
        }
        if (offset >= knownTo) {
            return epoch < newest() ? ReadOutcome.LOG_REPLACED : null;
        }
        // A forgotten epoch was not higher than the oldest that is known.
        int known = at(offset) == UNKNOWN ? oldest() : at(offset);
        if (known == UNKNOWN || known == epoch) {
            return null;
        }
        return known < epoch ? ReadOutcome.LOG_CUT : ReadOutcome.LOG_REPLACED;
    }

    /** The epoch at that offset if it is known, else that of what is known below it, else {@link #UNKNOWN}. */
    int at(long offset) {
        Map.Entry<Long, Integer> span = spans.floorEntry(offset);
        return span == null ? UNKNOWN : span.getValue();
    }

    int newest() {
        return spans.isEmpty() ? UNKNOWN : spans.lastEntry().getValue();
    }

    int oldest() {
        return spans.isEmpty() ? UNKNOWN : spans.firstEntry().getValue();
    }

    void forgetBelow(long offset) {
        Long needed = spans.floorKey(offset);
        if (needed != null) {
            spans.headMap(needed, false).clear();
        }
    }

    void forgetFrom(long offset) {
        spans.tailMap(offset, true).clear();
        knownTo = Math.min(knownTo, offset);
    }

    /** What is known of the offsets from {@code begin} to {@code end}, exclusive, ascending. */
    List<Span> within(long begin, long end) {
        List<Span> known = new ArrayList<>();
        if (at(begin) != UNKNOWN) {
            known.add(new Span(begin, at(begin)));
        }
        spans.subMap(begin, false, Math.max(begin, end), false)
                .forEach((from, epoch) -> known.add(new Span(from, epoch)));
        return known;
    }
}
