package dev.serai.engine.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

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

    /** @param from inclusive */
    record Span(long from, int epoch) {}

    void note(long offset, int epoch) {
        if (epoch != UNKNOWN && at(offset) != epoch) {
            spans.put(offset, epoch);
        }
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
