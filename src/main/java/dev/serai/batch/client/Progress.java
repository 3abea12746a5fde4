package dev.serai.batch.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.Job;
import dev.serai.batch.JobRun;
import dev.serai.batch.JobSpec;
import dev.serai.batch.file.ResultTally;
import dev.serai.wire.Json;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a job is. Immutable.
 *
 * @param state {@code uploading}, {@code waiting} for the fleet, {@code running}, {@code cancelling}, {@code cancelled} or
 *     {@code finished}
 * @param rows altogether
 * @param uploaded on their topic
 * @param published handed to the fleet's engines
 * @param open rooms that count as open
 * @param started rows with a room
 * @param failed rows without one, by category
 * @param waitsFor why nothing is published now; null if it is not so
 * @param waitsUntil when that is over; null if that is not known
 * @param heldUpBy what rows wait for that were handed over, as far as {@code by} knows; null if it does not
 * @param by the replica that runs it; null if none does
 */
public record Progress(
        String job,
        String state,
        long rows,
        long uploaded,
        long published,
        long open,
        long started,
        Map<String, Long> failed,
        @Nullable String waitsFor,
        @Nullable Instant waitsUntil,
        @Nullable String heldUpBy,
        @Nullable String by) {
    public Progress {
        failed = new TreeMap<>(failed);
    }

    /**
     * As the fleet counts.
     *
     * @param now rooms that are over by then are not open
     */
    public static Progress of(Job job, Instant now) {
        JobRun run = job.run();
        Map<String, Long> failed = run == null ? new TreeMap<>() : new TreeMap<>(run.failed());
        if (run != null && run.lost() > 0) {
            failed.merge("lost", run.lost(), Long::sum);
        }
        if (run != null && run.missing() > 0) {
            failed.merge("missing", run.missing(), Long::sum);
        }
        return of(job, run == null ? 0 : run.started(), failed, now);
    }

    /** As the results that are written count. */
    static Progress of(Job job, ResultTally results, Instant now) {
        return of(job, results.started(), results.failed(), now);
    }

    private static Progress of(Job job, long started, Map<String, Long> failed, Instant now) {
        JobSpec spec = job.spec();
        JobRun run = job.run();
        return new Progress(
                spec.job(),
                state(job),
                spec.rows(),
                job.uploaded() == null ? 0 : job.uploaded().rows(),
                run == null ? 0 : run.published(),
                run == null
                        ? 0
                        : run.open().stream()
                                .filter(until -> until > now.getEpochSecond())
                                .count(),
                started,
                failed,
                run != null && !run.isOver() && run.waitsFor() != null
                        ? run.waitsFor().name().toLowerCase(Locale.ROOT)
                        : null,
                run != null && !run.isOver() ? run.waitsUntil() : null,
                run != null && !run.isOver() ? run.heldUpBy() : null,
                run == null ? null : run.by());
    }

    private static String state(Job job) {
        JobRun run = job.run();
        if (run != null && run.isOver()) {
            return run.state().name().toLowerCase(Locale.ROOT);
        }
        if (job.isCancelled()) {
            return "cancelling";
        }
        if (job.uploaded() == null || !job.uploaded().complete()) {
            return "uploading";
        }
        return run == null ? "waiting" : "running";
    }

    /** Rows that have a result, or never will have one. */
    public long done() {
        return started + failed.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Rows without a room. */
    public long failures() {
        return done() - started;
    }

    /** For machines. */
    public ObjectNode json() {
        return Json.MAPPER.valueToTree(this);
    }
}
