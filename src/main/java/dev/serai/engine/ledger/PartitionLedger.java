package dev.serai.engine.ledger;

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which offsets of one partition are in flight (read, not done) and which are complete, and so what may be committed.
 *
 * <p><b>Algorithm.</b> Offsets come in the order in which they are read and are completed in any order. Two offsets
 * divide the partition:
 *
 * <pre>
 *   start ........ lowest ............................ next ........
 *   all complete | in flight, complete, and gaps      | not read yet
 * </pre>
 *
 * {@code lowest}, inclusive, is the lowest offset in flight; with none it equals {@code next}. {@code next} is one
 * above the highest offset that was read. Between the two, and for what an earlier owner of the partition completed
 * also above {@code next}, one bit per offset says "in flight" and another "complete". What may be committed is
 * {@code lowest} (in Kafka a committed offset is the first one to be read) with the complete bits above it as metadata,
 * so that whoever owns the partition next skips what is done.
 *
 * <p><b>Gaps.</b> Transaction markers, aborted records and compaction leave offsets that no consumer sees. As records
 * come in order, an offset below {@code next} that was not read does not exist; it is neither in flight nor complete, and
 * nothing waits for it.
 *
 * <p><b>Leader epochs.</b> With each offset comes the leader epoch of its record. A log that is cut, after an unclean
 * failure of its brokers, grows again with other records at the same offsets, of a higher epoch; a topic that was deleted
 * and created again begins with a lower one. An offset that is known with another epoch is therefore another record, and
 * {@link #read} says so instead of taking it for one that was read before.
 *
 * <p><b>Window.</b> No offset is taken that is {@value #WINDOW} or more above the lowest one in flight. This bounds the
 * memory (two bitmaps of at most twice the window, 8 KB together) and the metadata (see {@link CommitMetadata}).
 *
 * <p><b>Cost.</b> Reading and completing are O(1) amortised, but for bit scans of at most 512 words when the window is
 * sparse; {@link #committable} and {@link #committableWith} are linear in the words of the window.
 *
 * <p>Not thread-safe. A ledger belongs to one assignment of the partition and is thrown away with it.
 */
public final class PartitionLedger {

    /** From the lowest offset in flight to the highest that is taken, both included. */
    public static final int WINDOW = 16_384;

    /** For messages only, such as {@code start-3}. */
    private final String partition;

    /** Inclusive: where this ledger begins. */
    private long start;

    /** Inclusive: the lowest offset in flight, or {@link #next} if there is none. */
    private long lowest;

    /** Exclusive: every offset below was read, or does not exist, or was completed by an earlier owner. */
    private long next;

    /** From just below {@link #lowest} on; as far as they are known, at least to {@link #next}, the bitmaps may have bits. */
    private final LeaderEpochs epochs;

    /** The last offset that found no room, if none was taken since; otherwise -1. */
    private long refused = -1;

    /** The offset of bit 0 in both bitmaps; at most {@link #lowest}, and less than a window below it. */
    private long anchor;

    /** No bits outside {@code lowest} (inclusive) to {@code next} (exclusive). */
    private BitSet inFlight = new BitSet();

    /** No bits at or below {@code lowest}, nor as far as a window above it. */
    private BitSet complete;

    private PartitionLedger(String partition, long start, BitSet complete) {
        if (start < 0) {
            throw new IllegalArgumentException("first offset of " + partition + " must be at least 0, was " + start);
        }
        this.partition = partition;
        this.start = start;
        this.lowest = start;
        this.next = start;
        this.epochs = new LeaderEpochs(start);
        this.anchor = start;
        this.complete = complete;
    }

    /**
     * A ledger for a partition without a committed offset.
     *
     * @param firstOffset where reading begins: the consumer's position, or the first record's offset
     */
    public static PartitionLedger empty(String partition, long firstOffset) {
        return new PartitionLedger(partition, firstOffset, new BitSet());
    }

    /**
     * A ledger that goes on from a commit.
     *
     * @param committedEpoch as committed with the offset, or {@link LeaderEpochs#UNKNOWN}
     * @param metadata as committed with the offset; null and empty mean that nothing above it is complete, and so does
     *     what cannot be read, which the result tells
     */
    public static Restored restore(
            String partition, long committedOffset, int committedEpoch, @Nullable String metadata) {
        return switch (CommitMetadata.decode(committedOffset, metadata)) {
            case CommitMetadata.Decoded.Completed decoded -> {
                BitSet complete = new BitSet();
                decoded.bitmap().stream().forEach(bit -> complete.set(bit + 1));
                PartitionLedger ledger = new PartitionLedger(partition, committedOffset, complete);
                ledger.epochs.note(committedOffset - 1, committedEpoch);
                long known = committedOffset + complete.length();
                decoded.epochs().stream()
                        .filter(span -> span.from() < known)
                        .forEach(span -> ledger.epochs.note(span.from(), span.epoch()));
                ledger.epochs.knowTo(known);
                yield new Restored.Whole(ledger);
            }
            case CommitMetadata.Decoded.Unreadable unreadable -> {
                PartitionLedger ledger = empty(partition, committedOffset);
                ledger.epochs.note(committedOffset - 1, committedEpoch);
                yield new Restored.MetadataUnused(ledger, unreadable.reason());
            }
        };
    }

    /**
     * A record was read. Records come in the order of their offsets, except that the consumer may go back as far as to
     * where this ledger begins and read again from there. After {@link ReadOutcome#WINDOW_FULL} it has to.
     *
     * @param epoch the record's leader epoch, or {@link LeaderEpochs#UNKNOWN}
     * @throws IllegalStateException if the offset was passed over before, and its epoch does not tell why: then records
     *     are not read in order
     */
    public ReadOutcome read(long offset, int epoch) {
        ReadOutcome otherLog = epochs.otherLog(offset, epoch, start, lowest);
        if (otherLog != null) {
            return otherLog;
        }
        if (offset < next) {
            return readAgain(offset);
        }
        // Beyond a refused offset nothing is taken before the consumer went back, or else that one would count as a
        // gap.
        boolean passesOverRefused = refused >= 0 && offset > refused;
        if (passesOverRefused || (!inFlight.isEmpty() && offset - lowest >= WINDOW)) {
            refused = Math.max(refused, offset);
            return ReadOutcome.WINDOW_FULL;
        }
        refused = -1;
        epochs.note(offset, epoch);
        next = offset + 1;
        if (inFlight.isEmpty()) {
            // Whatever lies between did not come, so it does not exist.
            advance(offset);
        }
        if (complete.get(bit(offset))) {
            advance(lowestIncomplete(inFlight, complete));
            return ReadOutcome.ALREADY_COMPLETE;
        }
        inFlight.set(bit(offset));
        return ReadOutcome.NEW;
    }

    private ReadOutcome readAgain(long offset) {
        if (offset < lowest || complete.get(bit(offset))) {
            return ReadOutcome.ALREADY_COMPLETE;
        }
        if (inFlight.get(bit(offset))) {
            return ReadOutcome.ALREADY_IN_FLIGHT;
        }
        throw new IllegalStateException("offset regression on %s: %d after %d".formatted(partition, offset, next - 1));
    }

    /**
     * The consumer has come as far as this offset, and there were no more records: what lies between, markers of
     * transactions and records that were deleted, is neither in flight nor complete, and nothing waits for it. Without effect
     * below what was read already, and while the consumer has to go back.
     *
     * @param position exclusive, as a consumer's position
     * @param epoch of what was read last, or {@link LeaderEpochs#UNKNOWN}
     */
    public void readUpTo(long position, int epoch) {
        if (position <= next || refused >= 0) {
            return;
        }
        if (position > epochs.knownTo()) {
            epochs.note(position - 1, Math.max(epoch, epochs.newest()));
        }
        next = position;
        if (inFlight.isEmpty()) {
            advance(lowestIncomplete(inFlight, complete));
        }
    }

    /**
     * The log was cut: from this offset on it holds other records, or none yet. What is known of offsets below stays;
     * what was in flight or complete from there on is forgotten, and its deliveries must end without a commit.
     *
     * @param offset where the logs part, at least 0; may lie below where this ledger begins
     */
    public void cutTo(long offset) {
        refused = -1;
        if (offset < lowest) {
            inFlight = new BitSet();
            complete = new BitSet();
            start = Math.min(start, offset);
            lowest = offset;
            next = offset;
            anchor = offset;
        } else if (offset < epochs.knownTo()) {
            inFlight.clear(bit(offset), Math.max(bit(offset), inFlight.length()));
            complete.clear(bit(offset), Math.max(bit(offset), complete.length()));
            next = Math.min(next, offset);
        }
        epochs.forgetFrom(offset);
    }

    /**
     * The event at this offset is done, and its commit is safe.
     *
     * @throws IllegalStateException if the offset is not in flight
     */
    public void completed(long offset) {
        requireInFlight(offset);
        inFlight.clear(bit(offset));
        complete.set(bit(offset));
        if (offset == lowest) {
            advance(lowestIncomplete(inFlight, complete));
        }
    }

    /**
     * Whether a record is the first of a later leader epoch than all that is known below it. What was read before it may be
     * gone from the log by then.
     */
    public boolean beginsEpoch(long offset, int epoch) {
        return epochs.begins(offset, epoch);
    }

    /** Exclusive: as far as leader epochs are known. */
    public long epochsKnownTo() {
        return epochs.knownTo();
    }

    /** Whether everything was read as far as leader epochs are known. */
    public boolean isReadAsFarAsKnown() {
        return next >= epochs.knownTo();
    }

    /** The leader epoch of what lies before this offset, or {@link LeaderEpochs#UNKNOWN}. */
    public int epochBefore(long offset) {
        return epochs.at(offset - 1);
    }

    /** What to commit for what is complete now. */
    public CommitPoint committable() {
        return commitPoint(lowest, complete);
    }

    /**
     * What to commit in the very transaction that completes these events: as {@link #committable} will be once
     * {@link #completed} was called for each of them. Changes nothing, because the transaction may yet fail.
     *
     * @throws IllegalStateException if one of the offsets is not in flight
     */
    public CommitPoint committableWith(Set<Long> aboutToComplete) {
        BitSet stillInFlight = (BitSet) inFlight.clone();
        BitSet thenComplete = (BitSet) complete.clone();
        for (long offset : aboutToComplete) {
            requireInFlight(offset);
            stillInFlight.clear(bit(offset));
            thenComplete.set(bit(offset));
        }
        return commitPoint(lowestIncomplete(stillInFlight, thenComplete), thenComplete);
    }

    /**
     * Whether to stop reading this partition until something completes: the next offset, or one that found no room
     * before, is outside the window. Never true while nothing is in flight.
     */
    public boolean isFull() {
        return !inFlight.isEmpty() && Math.max(next, refused) - lowest >= WINDOW;
    }

    /** How many events are in flight. */
    public int inFlightCount() {
        return inFlight.cardinality();
    }

    /** How many offsets above the lowest incomplete one are known to be complete: what the metadata remembers. */
    public int completeAboveGapCount() {
        return complete.cardinality();
    }

    @Override
    public String toString() {
        return "%s: commit %d, next %d, %d in flight, %d complete above the gap"
                .formatted(partition, lowest, next, inFlightCount(), completeAboveGapCount());
    }

    private void requireInFlight(long offset) {
        if (offset >= lowest && offset < next && inFlight.get(bit(offset))) {
            return;
        }
        boolean done = offset < lowest ? offset >= start : offset < next && complete.get(bit(offset));
        throw new IllegalStateException("offset %d of %s is not in flight: it %s"
                .formatted(offset, partition, done ? "is complete already" : "was never read"));
    }

    /** The lowest offset in flight; without one, the next offset that an earlier owner has not completed either. */
    private long lowestIncomplete(BitSet inFlight, BitSet complete) {
        int lowestInFlight = inFlight.nextSetBit(bit(lowest));
        return anchor + (lowestInFlight >= 0 ? lowestInFlight : complete.nextClearBit(bit(next)));
    }

    private CommitPoint commitPoint(long offset, BitSet complete) {
        int firstBit = bit(offset) + 1;
        BitSet above = complete.get(firstBit, Math.max(firstBit, complete.length()));
        List<LeaderEpochs.Span> needed = epochs.within(offset, offset + 1 + above.length());
        // A later epoch than that of the record just below is as good: what is asked is where the log of that epoch
        // ends.
        return new CommitPoint(offset, epochs.at(offset), CommitMetadata.encode(offset, above, needed));
    }

    /** Forgets what is below; the bitmaps are moved once per window, which makes it O(1) amortised. */
    private void advance(long lowestIncomplete) {
        long passed = lowestIncomplete - anchor;
        if (passed < WINDOW) {
            complete.clear(bit(lowest), (int) passed);
        } else {
            inFlight = above(inFlight, passed);
            complete = above(complete, passed);
            anchor = lowestIncomplete;
        }
        lowest = lowestIncomplete;
        next = Math.max(next, lowestIncomplete);
        epochs.forgetBelow(lowest - 1);
    }

    private static BitSet above(BitSet bits, long passed) {
        return passed < bits.length() ? bits.get((int) passed, bits.length()) : new BitSet();
    }

    private int bit(long offset) {
        return Math.toIntExact(offset - anchor);
    }
}
