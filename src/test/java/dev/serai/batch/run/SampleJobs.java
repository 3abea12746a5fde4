package dev.serai.batch.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.batch.JobId;
import dev.serai.batch.JobRow;
import dev.serai.batch.JobSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Jobs for tests. Stateless. */
final class SampleJobs {
    private SampleJobs() {}

    /** A job without any bound of its own. */
    static Spec spec(String job) {
        return new Spec(job, 0, null, null, null, null, 60_000, "start", "replies", Map.of());
    }

    record Spec(
            String job,
            long rows,
            JobSpec.@Nullable Window window,
            @Nullable Double rate,
            @Nullable Integer maxOpen,
            @Nullable Long closeAfterMs,
            long deadlineMs,
            String startTopic,
            String replyTopic,
            Map<Integer, Long> repliesFrom) {

        Spec rows(long number) {
            return new Spec(
                    job, number, window, rate, maxOpen, closeAfterMs, deadlineMs, startTopic, replyTopic, repliesFrom);
        }

        Spec window(JobSpec.Window times) {
            return new Spec(
                    job, rows, times, rate, maxOpen, closeAfterMs, deadlineMs, startTopic, replyTopic, repliesFrom);
        }

        Spec rate(double perSecond) {
            return new Spec(
                    job,
                    rows,
                    window,
                    perSecond,
                    maxOpen,
                    closeAfterMs,
                    deadlineMs,
                    startTopic,
                    replyTopic,
                    repliesFrom);
        }

        Spec maxOpen(int rooms) {
            return new Spec(
                    job, rows, window, rate, rooms, closeAfterMs, deadlineMs, startTopic, replyTopic, repliesFrom);
        }

        Spec closeAfterMs(long milliseconds) {
            return new Spec(
                    job, rows, window, rate, maxOpen, milliseconds, deadlineMs, startTopic, replyTopic, repliesFrom);
        }

        Spec topics(String start, String replies, Map<Integer, Long> from) {
            return new Spec(job, rows, window, rate, maxOpen, closeAfterMs, deadlineMs, start, replies, from);
        }

        JobSpec build() {
            return new JobSpec(
                    job,
                    Instant.now(),
                    "somebody",
                    "rows.csv",
                    rows,
                    window,
                    rate,
                    maxOpen,
                    closeAfterMs,
                    deadlineMs,
                    "default",
                    startTopic,
                    0,
                    replyTopic,
                    repliesFrom,
                    "digest",
                    null);
        }
    }

    /** Rows of these numbers, due at once. */
    static List<JobRow> rows(String job, long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(number -> row(job, number, null))
                .toList();
    }

    static JobRow row(String job, long number, @Nullable Instant due) {
        String id = JobId.eventId(job, number, "");
        String event = "{\"event_id\":\"" + id + "\",\"character_id\":\"character\",\"ttl_ms\":60000}";
        return new JobRow(number, due, ("learner-" + number).getBytes(UTF_8), event.getBytes(UTF_8));
    }
}
