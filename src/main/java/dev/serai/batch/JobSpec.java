package dev.serai.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a job is; written once. Immutable.
 *
 * @param job its id, see {@link JobId}
 * @param createdBy who asked for it
 * @param file the file's name, for people
 * @param rows how many there are altogether
 * @param window the times of day at which its events may be published; null: all
 * @param rate events per second at most, greater than 0; null: no bound
 * @param maxOpen rooms that may be open at once, from 1 to {@link #MOST_OPEN}; null: no bound but the plan's
 * @param closeAfterMs how long after its opening a room is closed, in milliseconds; null: as each event says, or never
 * @param deadlineMs how long after its publishing an event may be answered with a room, in milliseconds, from 1 on
 * @param startTopic where its events go
 * @param firstRowOffset where the first row is on the topic of rows, or before it
 * @param replyTopic where its events are answered
 * @param repliesFrom by partition of the reply topic: where answers can begin; a partition that is not named begins at its
 *     beginning
 * @param digest of the rows: what is to be resumed must have the same
 * @param input how the command reads the file when the job is resumed; means nothing to the fleet; null: it cannot be
 */
public record JobSpec(
        String job,
        Instant createdAt,
        String createdBy,
        String file,
        long rows,
        @Nullable Window window,
        @Nullable Double rate,
        @Nullable Integer maxOpen,
        @Nullable Long closeAfterMs,
        long deadlineMs,
        String tenant,
        String startTopic,
        long firstRowOffset,
        String replyTopic,
        Map<Integer, Long> repliesFrom,
        String digest,
        @Nullable ObjectNode input) {

    /** Rooms of which each is noted while it is open. */
    public static final int MOST_OPEN = 2_000;

    public JobSpec {
        require(JobId.isValid(job), "a job's id has small letters, digits and hyphens, was " + job);
        require(rows >= 0, "a job's rows cannot be " + rows);
        require(rate == null || (rate > 0 && rate < Double.MAX_VALUE), "a job's rate must be above 0, was " + rate);
        require(
                maxOpen == null || (maxOpen >= 1 && maxOpen <= MOST_OPEN),
                "rooms of a job that are open at once must be from 1 to " + MOST_OPEN + ", was " + maxOpen);
        require(closeAfterMs == null || closeAfterMs >= 1, "rooms cannot be closed after " + closeAfterMs + " ms");
        require(deadlineMs >= 1, "an event's deadline must be at least 1 ms after its publishing, was " + deadlineMs);
        Objects.requireNonNull(createdAt, "a job says when it was created");
        Objects.requireNonNull(createdBy, "a job says who has created it");
        Objects.requireNonNull(file, "a job says of which file it is");
        Objects.requireNonNull(tenant, "a job says whose it is");
        Objects.requireNonNull(startTopic, "a job says where its events go");
        Objects.requireNonNull(replyTopic, "a job says where its events are answered");
        Objects.requireNonNull(digest, "a job says of which rows it is");
        repliesFrom = Map.copyOf(repliesFrom);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** How long after its publishing an event may be answered with a room. */
    public Duration deadline() {
        return Duration.ofMillis(deadlineMs);
    }

    /**
     * Times of day, from the first, inclusive, to the second, exclusive; over midnight where the second is the earlier one.
     */
    public record Window(LocalTime from, LocalTime to, ZoneId zone) {
        public Window {
            require(!from.equals(to), "a window must not begin and end at the same time, " + from);
        }

        /** Whether it is open when the clocks of its zone show that. */
        public boolean isOpen(LocalTime time) {
            boolean begun = !time.isBefore(from);
            boolean ended = !time.isBefore(to);
            return from.isBefore(to) ? begun && !ended : begun || !ended;
        }
    }
}
