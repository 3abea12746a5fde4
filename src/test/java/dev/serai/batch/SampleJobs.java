package dev.serai.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Jobs for tests. Stateless. */
public final class SampleJobs {
    private SampleJobs() {}

    /** A job without any bound of its own. */
    public static Spec spec(String job) {
        return new Spec(job);
    }

    /** A job that is to be; what is not said is as of most. For one thread. */
    public static final class Spec {
        private final String job;
        private long rows;
        private JobSpec.@Nullable Window window;
        private @Nullable Double rate;
        private @Nullable Integer maxOpen;
        private @Nullable Long closeAfterMs;
        private long deadlineMs = 60_000;
        private String startTopic = "start";
        private long firstRowOffset;
        private String replyTopic = "replies";
        private Map<Integer, Long> repliesFrom = Map.of();
        private String digest = "digest";

        private Spec(String job) {
            this.job = job;
        }

        public Spec rows(long number) {
            rows = number;
            return this;
        }

        public Spec window(JobSpec.Window times) {
            window = times;
            return this;
        }

        public Spec rate(@Nullable Double perSecond) {
            rate = perSecond;
            return this;
        }

        public Spec maxOpen(int rooms) {
            maxOpen = rooms;
            return this;
        }

        public Spec closeAfterMs(long milliseconds) {
            closeAfterMs = milliseconds;
            return this;
        }

        public Spec deadlineMs(long milliseconds) {
            deadlineMs = milliseconds;
            return this;
        }

        public Spec topics(String start, String replies, Map<Integer, Long> from) {
            startTopic = start;
            replyTopic = replies;
            repliesFrom = from;
            return this;
        }

        public Spec firstRowOffset(long offset) {
            firstRowOffset = offset;
            return this;
        }

        public Spec digest(String ofRows) {
            digest = ofRows;
            return this;
        }

        public JobSpec build() {
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
                    firstRowOffset,
                    replyTopic,
                    repliesFrom,
                    digest,
                    null);
        }
    }

    /** Rows of these numbers, due at once. */
    public static List<JobRow> rows(String job, long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(number -> row(job, number, null))
                .toList();
    }

    public static JobRow row(String job, long number, @Nullable Instant due) {
        String id = JobId.eventId(job, number, "");
        String event = "{\"event_id\":\"" + id + "\",\"character_id\":\"character\",\"ttl_ms\":60000}";
        return new JobRow(number, due, ("learner-" + number).getBytes(UTF_8), event.getBytes(UTF_8));
    }
}
