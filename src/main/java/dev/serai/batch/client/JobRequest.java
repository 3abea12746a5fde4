package dev.serai.batch.client;

import dev.serai.batch.JobPartitions;
import dev.serai.batch.JobSpec;
import dev.serai.batch.JobSpec.Window;
import dev.serai.batch.JobUpload;
import dev.serai.batch.file.InputOptions;
import dev.serai.batch.file.PreparedRows;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked for when a job is begun, as {@link JobSpec} says it; {@code now} is when it begins. */
public record JobRequest(
        String job,
        Instant now,
        Path file,
        InputOptions input,
        String by,
        String tenant,
        @Nullable Window window,
        @Nullable Double rate,
        @Nullable Integer maxOpen) {

    /** The job, as it is to be written before its first row. May throw what Kafka's clients do. */
    public JobSpec spec(
            Map<String, Object> kafka, String startTopic, String replyTopic, PreparedRows rows, JobUpload upload) {
        Duration closeAfter = input.closeAfter();
        return new JobSpec(
                job,
                now,
                by,
                file.toAbsolutePath().normalize().toString(),
                rows.rows(),
                window,
                rate,
                maxOpen,
                closeAfter == null ? null : closeAfter.toMillis(),
                Math.max(1, rows.longestDeadline().toMillis()),
                tenant,
                startTopic,
                upload.firstRowOffset(kafka),
                replyTopic,
                JobPartitions.ends(kafka, replyTopic),
                rows.digest(),
                new JobInput(input, rows.fileDigest(), rows.invalid()).json());
    }
}
