package dev.serai.batch;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a job is: written by the fleet in one transaction with the events that it publishes, so that it is exact after a
 * crash; and about once a second while only answers come. The last one, finished or cancelled, stays for a month. Immutable.
 *
 * @param job its id
 * @param rows how many it has altogether
 * @param waitsFor why no event is published now; null while they are, or when it is over
 * @param waitsUntil when that is over; null if time does not tell
 * @param heldUpBy what most of the rows without an answer wait for that the replica holds itself which runs the job, for
 *     people; null if it holds none that waits, and if answers are not what is waited for
 * @param nextRowOffset where the next row is on the topic of rows, or before it
 * @param published rows whose event was published
 * @param missing rows that were gone from the topic of rows before they were published
 * @param outstanding the published rows that are not answered, oldest first, at most {@link #MOST_OUTSTANDING}
 * @param open when each of the rooms that count as open is over, in seconds since 1970, the first one first
 * @param started rows that were answered with a room
 * @param failed rows that were answered without, by error category, {@code expired} and {@code cancelled} among them
 * @param lost rows without an answer long after their deadline
 * @param replyOffsets by partition of the reply topic, what is read next
 * @param mayPublishAt before which the rate forbids the next one; null if it forbids none
 * @param by the replica that runs it
 */
public record JobRun(
        String job,
        State state,
        long rows,
        @Nullable Wait waitsFor,
        @Nullable Instant waitsUntil,
        @Nullable String heldUpBy,
        long nextRowOffset,
        long published,
        long missing,
        List<Outstanding> outstanding,
        List<Long> open,
        long started,
        Map<String, Long> failed,
        long lost,
        Map<Integer, Long> replyOffsets,
        @Nullable Instant mayPublishAt,
        String by,
        Instant at) {

    /** Published rows that may be without an answer at once. */
    public static final int MOST_OUTSTANDING = 200;

    public JobRun {
        Objects.requireNonNull(job, "a run says of which job it is");
        Objects.requireNonNull(state, "a run says where its job stands");
        Objects.requireNonNull(by, "a run says who runs its job");
        Objects.requireNonNull(at, "a run says when it was so");
        outstanding = List.copyOf(outstanding);
        open = List.copyOf(open);
        failed = new TreeMap<>(failed);
        replyOffsets = Map.copyOf(replyOffsets);
    }

    /**
     * A row that was published and not answered.
     *
     * @param closeAfterMs how long after its opening its room is closed, in milliseconds, as its event says; null if it does not
     */
    public record Outstanding(
            long row, Instant publishedAt, @Nullable Long closeAfterMs) {
        public Outstanding {
            Objects.requireNonNull(publishedAt, "a row without an answer says when it was published");
        }
    }

    /** Where a job stands. */
    public enum State {
        /** Rows are left to be published, or to be answered. */
        @JsonProperty("running")
        RUNNING,
        /** It was cancelled, and what had been published is answered. */
        @JsonProperty("cancelled")
        CANCELLED,
        /** All rows are published and answered, or known to be missing. */
        @JsonProperty("finished")
        FINISHED
    }

    /** Why a job that is running publishes nothing. */
    public enum Wait {
        /** The command has not uploaded more rows. */
        @JsonProperty("upload")
        UPLOAD,
        /** The next row is not due. */
        @JsonProperty("due")
        DUE,
        /** It is not the time of day. */
        @JsonProperty("window")
        WINDOW,
        /** More would be too many in a second. */
        @JsonProperty("rate")
        RATE,
        /** As many rooms are open, or asked for, as may be. */
        @JsonProperty("max_open")
        MAX_OPEN,
        /** As many rows are published and not answered as may be, or all are published. */
        @JsonProperty("answers")
        ANSWERS
    }

    /** Whether nothing more will come. */
    public boolean isOver() {
        return state != State.RUNNING;
    }

    /** Rows that were answered, or never will be: {@link #started}, {@link #failed} and {@link #lost}. */
    public long done() {
        return started
                + lost
                + failed.values().stream().mapToLong(Long::longValue).sum();
    }
}
