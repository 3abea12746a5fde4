package dev.serai.batch.run;

import dev.serai.batch.JobAnswers.Answer;
import dev.serai.batch.JobRow;
import dev.serai.batch.JobRun;
import dev.serai.batch.JobRun.Outstanding;
import dev.serai.batch.JobSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a job is, in memory: begun from its last {@link JobRun}, and written as the next. Knows neither Kafka nor the clock.
 * Not thread-safe.
 */
final class Progress {
    /** After its deadline, an event is answered within seconds; after an outage of Kafka somewhat later. */
    static final Duration LOST_AFTER = Duration.ofMinutes(15);

    /** There are fewer error categories. */
    private static final int MOST_CATEGORIES = 40;

    /** As in the replies. */
    private static final String CANCELLED = "cancelled";

    private final JobSpec spec;
    private final Duration sessionIdle;
    private final Map<Long, Outstanding> outstanding = new LinkedHashMap<>();
    private final PriorityQueue<Long> open = new PriorityQueue<>();
    private final Map<String, Long> failed = new TreeMap<>();
    private final Map<Integer, Long> replyOffsets = new HashMap<>();
    private long nextRowOffset;
    private long published;
    private long missing;
    private long started;
    private long lost;
    private @Nullable Instant mayPublishAt;

    private Progress(JobSpec spec, Duration sessionIdle) {
        this.spec = spec;
        this.sessionIdle = sessionIdle;
    }

    /**
     * As the last run left it, or at the job's beginning.
     *
     * @param sessionIdle how long a room counts as open that nobody closes
     */
    static Progress of(JobSpec spec, @Nullable JobRun last, Duration sessionIdle) {
        Progress progress = new Progress(spec, sessionIdle);
        if (last == null) {
            progress.nextRowOffset = spec.firstRowOffset();
            progress.replyOffsets.putAll(spec.repliesFrom());
            return progress;
        }
        progress.nextRowOffset = last.nextRowOffset();
        progress.replyOffsets.putAll(last.replyOffsets());
        progress.published = last.published();
        progress.missing = last.missing();
        progress.started = last.started();
        progress.failed.putAll(last.failed());
        progress.lost = last.lost();
        progress.mayPublishAt = last.mayPublishAt();
        progress.open.addAll(last.open());
        last.outstanding().forEach(row -> progress.outstanding.put(row.row(), row));
        return progress;
    }

    /** The same, to be changed by itself. */
    Progress copy() {
        Progress copy = new Progress(spec, sessionIdle);
        copy.outstanding.putAll(outstanding);
        copy.open.addAll(open);
        copy.failed.putAll(failed);
        copy.replyOffsets.putAll(replyOffsets);
        copy.nextRowOffset = nextRowOffset;
        copy.published = published;
        copy.missing = missing;
        copy.started = started;
        copy.lost = lost;
        copy.mayPublishAt = mayPublishAt;
        return copy;
    }

    /** Rows are published now. */
    void publish(List<JobRow> rows, long nextOffset, Instant now, @Nullable Instant nextAt) {
        rows.forEach(row -> outstanding.put(row.number(), new Outstanding(row.number(), now, row.closeAfterMs())));
        published += rows.size();
        nextRowOffset = nextOffset;
        mayPublishAt = nextAt;
    }

    /** A row is passed over, for Kafka does not take its event. */
    void refuse(long nextOffset) {
        published++;
        lost++;
        nextRowOffset = nextOffset;
    }

    /**
     * A row was answered.
     *
     * @return whether it is its first answer
     */
    boolean answered(Answer answer) {
        Outstanding row = outstanding.remove((long) answer.row());
        if (row == null) {
            return false;
        }
        String category = answer.category();
        if (category == null) {
            started++;
            // Rounded up: a room that is closed at last is not counted too short.
            open.add(answer.issuedAt().plus(life(row)).getEpochSecond() + 1);
            if (open.size() > JobSpec.MOST_OPEN) {
                open.remove();
            }
        } else {
            boolean known = failed.containsKey(category) || failed.size() < MOST_CATEGORIES;
            failed.merge(known ? category : "other", 1L, Long::sum);
        }
        return true;
    }

    private Duration life(Outstanding row) {
        Long closeAfterMs = row.closeAfterMs() == null ? spec.closeAfterMs() : row.closeAfterMs();
        return closeAfterMs == null ? sessionIdle : Duration.ofMillis(closeAfterMs);
    }

    /** The rows that should have been answered long ago. */
    List<Long> overdue(Instant now) {
        Instant limit = now.minus(spec.deadline()).minus(LOST_AFTER);
        return outstanding.entrySet().stream()
                .filter(row -> row.getValue().publishedAt().isBefore(limit))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Nobody will answer these any more. */
    void lose(List<Long> rows) {
        rows.forEach(outstanding::remove);
        lost += rows.size();
    }

    /** All rows that are there were published. */
    void rowsAreAll(long uploaded) {
        missing = Math.max(0, uploaded - published);
    }

    /** What is over by now is open no more. */
    void closeRooms(Instant now) {
        while (!open.isEmpty() && open.element() <= now.getEpochSecond()) {
            open.remove();
        }
    }

    /** Whether rows were answered as cancelled, by an end event or because the job is. */
    boolean hasCancelled() {
        return failed.containsKey(CANCELLED);
    }

    int outstanding() {
        return outstanding.size();
    }

    int open() {
        return open.size();
    }

    /** When the first of the open rooms is over; null if none is open. */
    @Nullable
    Instant firstOver() {
        Long first = open.peek();
        return first == null ? null : Instant.ofEpochSecond(first);
    }

    @Nullable
    Instant mayPublishAt() {
        return mayPublishAt;
    }

    long nextRowOffset() {
        return nextRowOffset;
    }

    long missing() {
        return missing;
    }

    /** What is read next of the reply topic, by partition; to be changed as it is read. */
    Map<Integer, Long> replyOffsets() {
        return replyOffsets;
    }

    /** For people. */
    @Override
    public String toString() {
        return published + " of " + spec.rows() + " rows published, " + started + " answered with a room, failed: "
                + failed + ", lost: " + lost + ", missing: " + missing;
    }

    JobRun toRun(
            JobRun.State state,
            JobRun.@Nullable Wait waitsFor,
            @Nullable Instant waitsUntil,
            @Nullable String heldUpBy,
            String by,
            Instant now) {
        return new JobRun(
                spec.job(),
                state,
                spec.rows(),
                waitsFor,
                waitsUntil,
                heldUpBy,
                nextRowOffset,
                published,
                missing,
                List.copyOf(outstanding.values()),
                open.stream().sorted().toList(),
                started,
                failed,
                lost,
                replyOffsets,
                mayPublishAt,
                by,
                now);
    }
}
