package dev.serai.batch;

import java.time.Instant;
import java.util.Objects;

/**
 * How much of a job is on the topic of rows; written in one transaction with rows.
 *
 * @param rows uploaded so far
 * @param lastOffset of the last of them; -1 while there is none
 * @param complete whether these are all
 */
public record JobUploaded(long rows, long lastOffset, boolean complete, Instant at) {
    public JobUploaded {
        Objects.requireNonNull(at, "an upload says when it was");
    }
}
