package dev.serai.batch;

import org.jspecify.annotations.Nullable;

/**
 * All that the topic of jobs says of one job. Immutable.
 *
 * @param spec what it is
 * @param uploaded null before the first rows
 * @param command null if nothing was asked
 * @param run null before the fleet has begun
 */
public record Job(
        JobSpec spec,
        @Nullable JobUploaded uploaded,
        @Nullable JobCommand command,
        @Nullable JobRun run) {
    public boolean isOver() {
        return run != null && run.isOver();
    }

    public boolean isCancelled() {
        return command != null && command.isCancel();
    }
}
