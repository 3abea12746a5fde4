package dev.serai.engine.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * A partition, its committed offset and a consumer with a ledger, and beside them plain sets that know what is true.
 * Every step checks the ledger against them:
 *
 * <ul>
 *   <li>nothing incomplete is skipped, and nothing below a commit is incomplete;
 *   <li>an event that was complete at the last commit never runs again, one that is in flight is not taken twice;
 *   <li>a commit remembers exactly what is complete, never falls behind the one before, and fits Kafka's limit;
 *   <li>what a commit will be is what it then is.
 * </ul>
 */
final class SimulatedPartition {
    private static final int METADATA_LIMIT = 4_096;

    /** Offsets of the records there are, ascending. */
    private final NavigableSet<Long> log;

    private final Map<Long, Integer> epochs = new HashMap<>();
    private int epoch;

    /** Where the log was cut since the last commit, or since the ledger was told. */
    private long cutSinceCommit = Long.MAX_VALUE;

    private long untold = Long.MAX_VALUE;

    /** The lowest offset that the ledger takes for complete because it was in the log before the cut. */
    private long stale = Long.MAX_VALUE;

    private final Map<Long, Integer> runs = new HashMap<>();

    private CommitPoint committed = new CommitPoint(0, LeaderEpochs.UNKNOWN, "");
    private Set<Long> completeAtCommit = new HashSet<>();

    private PartitionLedger ledger = PartitionLedger.empty("start-3", 0);
    private long position;

    /** By whichever owner. */
    private long readTo;

    /** With this ledger. */
    private long ledgerReadTo;

    private final TreeSet<Long> inFlight = new TreeSet<>();
    private final Set<Long> complete = new HashSet<>();

    SimulatedPartition(Collection<Long> offsets) {
        log = new TreeSet<>(offsets);
        log.forEach(offset -> epochs.put(offset, 0));
    }

    void readAll() {
        read(log.size());
    }

    /** Reads like a poll: having found no room, the rest of its records still comes by before the consumer goes back. */
    void read(int records) {
        Long backTo = null;
        int read = 0;
        for (Long offset = log.ceiling(position);
                offset != null && read < records && !(ledger.isFull() && backTo == null);
                offset = log.higher(offset)) {
            read++;
            position = offset + 1;
            readTo = Math.max(readTo, position);
            ledgerReadTo = Math.max(ledgerReadTo, position);
            boolean knownInFlight = inFlight.contains(offset);
            boolean knownComplete = complete.contains(offset) || completeAtCommit.contains(offset);
            ReadOutcome outcome = ledger.read(offset, epochOf(offset));
            if (outcome == ReadOutcome.LOG_CUT) {
                assertThat(offset).as("the log was cut at %d", untold).isGreaterThanOrEqualTo(untold);
                ledger.cutTo(offset);
                untold = Long.MAX_VALUE;
                stale = Long.MAX_VALUE;
                outcome = ledger.read(offset, epochOf(offset));
            }
            if (outcome == ReadOutcome.WINDOW_FULL) {
                assertThat(knownInFlight)
                        .as("offset %d is in flight and finds no room", offset)
                        .isFalse();
                if (backTo == null) {
                    backTo = offset;
                    assertThat(inFlight).isNotEmpty();
                    assertThat(offset - inFlight.first()).isGreaterThanOrEqualTo(PartitionLedger.WINDOW);
                    assertThat(ledger.isFull()).isTrue();
                } else if (read % 2 == 0) {
                    completeLowest();
                }
                continue;
            }
            assertThat(backTo)
                    .as("offset %d passes over one without room", offset)
                    .isNull();
            assertThat(outcome)
                    .as("offset %d", offset)
                    .isEqualTo(
                            knownInFlight
                                    ? ReadOutcome.ALREADY_IN_FLIGHT
                                    : knownComplete ? ReadOutcome.ALREADY_COMPLETE : ReadOutcome.NEW);
            if (outcome == ReadOutcome.NEW) {
                inFlight.add(offset);
                runs.merge(offset, 1, Integer::sum);
            }
        }
        if (backTo != null) {
            position = backTo;
        }
        checkCounts();
    }

    void completeLowest() {
        if (!inFlight.isEmpty()) {
            complete(inFlight.first());
        }
    }

    void completeAny(int events, int pick) {
        any(events, pick).forEach(this::complete);
        checkCounts();
    }

    /** The committer's way: what is to be complete is committed first. */
    void commitWithAny(int events, int pick) {
        Set<Long> finished = any(events, pick);
        CommitPoint before = ledger.committable();
        CommitPoint ahead = ledger.committableWith(finished);
        assertThat(ledger.committable()).isEqualTo(before);
        finished.forEach(this::complete);
        assertThat(ledger.committable()).isEqualTo(ahead);
        commit();
    }

    void commit() {
        CommitPoint commit = ledger.committable();
        assertThat(commit.offset()).isGreaterThanOrEqualTo(Math.min(committed.offset(), cutSinceCommit));
        assertThat(commit.metadata().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(METADATA_LIMIT);

        Set<Long> known = new HashSet<>(complete);
        known.addAll(completeAtCommit);
        // Of what was cut off and not read again yet the commit still speaks, by its epoch: the next client finds that
        // out.
        Set<Long> below = log.headSet(Math.min(commit.offset(), stale));
        assertThat(known.containsAll(below))
                .as("everything below the commit at %d is complete", commit.offset())
                .isTrue();
        assertThat(inFlight.isEmpty() || commit.offset() == inFlight.first())
                .as("commit at %d waits for the lowest offset in flight only", commit.offset())
                .isTrue();
        known.removeIf(offset -> offset < commit.offset());
        Set<Long> remembered = remembered(commit);
        // Of offsets that were not read again yet the ledger knows what was true of the earlier log.
        remembered.removeIf(offset -> offset >= untold && !known.contains(offset));
        assertThat(remembered.equals(known))
                .as("the commit at %d remembers what is complete, and nothing else", commit.offset())
                .isTrue();

        committed = commit;
        // Of offsets that were not read again yet the commit states the epochs of the earlier log.
        cutSinceCommit = untold == Long.MAX_VALUE ? stale : Math.min(Math.max(untold, ledgerReadTo), stale);
        completeAtCommit = known;
        completeAtCommit.addAll(below);
    }

    /** What was not committed is lost; the next owner begins with what was. */
    void crash() {
        Restored restored =
                PartitionLedger.restore("start-3", committed.offset(), committed.epoch(), committed.metadata());
        assertThat(restored).isInstanceOf(Restored.Whole.class);
        ledger = restored.ledger();
        assertThat(ledger.committable()).isEqualTo(committed);
        position = committed.offset();
        ledgerReadTo = position;
        inFlight.clear();
        complete.clear();
        if (cutSinceCommit < committed.offset()) {
            // What the client finds out by the epoch of the commit.
            ledger.cutTo(cutSinceCommit);
            position = cutSinceCommit;
            untold = Long.MAX_VALUE;
            stale = Long.MAX_VALUE;
        } else {
            untold = cutSinceCommit;
            stale = remembered(committed).stream()
                    .filter(offset -> offset >= untold)
                    .min(Long::compare)
                    .orElse(Long.MAX_VALUE);
        }
    }

    /** The partition gets another leader: what is written from some offset on, that nobody has read yet, is of a later epoch. */
    void lead(int pick) {
        List<Long> unread = List.copyOf(log.tailSet(readTo));
        if (!unread.isEmpty()) {
            epoch++;
            log.tailSet(unread.get(pick % unread.size())).forEach(offset -> epochs.put(offset, epoch));
        }
    }

    /** An unclean failure: the end of the log is gone, and other records are there. The client finds out at once. */
    void cut(int pick, int more) {
        long offset = List.copyOf(log).get(pick % log.size());
        long end = log.last();
        log.tailSet(offset).clear();
        epoch++;
        for (long next = offset; next <= end + more; next++) {
            log.add(next);
            epochs.put(next, epoch);
            runs.remove(next);
        }
        inFlight.tailSet(offset).clear();
        complete.removeIf(gone -> gone >= offset);
        completeAtCommit.removeIf(gone -> gone >= offset);
        cutSinceCommit = Math.min(cutSinceCommit, offset);
        if (offset <= untold) {
            untold = Long.MAX_VALUE;
        }
        if (offset <= stale) {
            stale = Long.MAX_VALUE;
        }
        ledger.cutTo(offset);
        position = Math.min(position, offset);
        readTo = Math.min(readTo, offset);
        ledgerReadTo = Math.min(ledgerReadTo, offset);
    }

    /** The same while no client is there, and the next one begins at its commit. */
    void cutAndCrash(int pick, int more) {
        cut(pick, more);
        crash();
    }

    void seekToCommitted() {
        position = Math.min(committed.offset(), cutSinceCommit);
    }

    /** Runs on until every event is complete and committed. */
    void drain() {
        while (log.ceiling(position) != null || !inFlight.isEmpty()) {
            readAll();
            List.copyOf(inFlight).forEach(this::complete);
        }
        commit();
        assertThat(committed).isEqualTo(new CommitPoint(log.last() + 1, epochOf(log.last()), ""));
        assertThat(runs.keySet().equals(log)).as("every event ran").isTrue();
    }

    private int epochOf(long offset) {
        return epochs.getOrDefault(offset, LeaderEpochs.UNKNOWN);
    }

    private void complete(long offset) {
        ledger.completed(offset);
        inFlight.remove(offset);
        complete.add(offset);
    }

    private Set<Long> any(int events, int pick) {
        List<Long> candidates = new ArrayList<>(inFlight);
        Set<Long> chosen = new HashSet<>();
        for (int i = 0; i < events && !candidates.isEmpty(); i++) {
            int at = (int) ((pick + i * 7_919L) % candidates.size());
            chosen.add(candidates.get(at));
            candidates.set(at, candidates.getLast());
            candidates.removeLast();
        }
        return chosen;
    }

    private void checkCounts() {
        assertThat(ledger.inFlightCount()).isEqualTo(inFlight.size());
        assertThat(inFlight.isEmpty() && ledger.isFull()).isFalse();
    }

    /** The metadata without the ledger's help. */
    private static Set<Long> remembered(CommitPoint commit) {
        CommitMetadata.Decoded decoded = CommitMetadata.decode(commit.offset(), commit.metadata());
        assertThat(decoded).isInstanceOf(CommitMetadata.Decoded.Completed.class);
        Set<Long> offsets = new HashSet<>();
        ((CommitMetadata.Decoded.Completed) decoded)
                .bitmap().stream().forEach(bit -> offsets.add(commit.offset() + 1 + bit));
        return offsets;
    }
}
