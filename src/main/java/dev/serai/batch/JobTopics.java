package dev.serai.batch;

import dev.serai.kafka.TopicSetup;
import dev.serai.kafka.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The two topics of jobs. All of a job is in one partition, of the same number in both.
 *
 * @param jobs compacted: what each job is, and how far
 * @param rows kept for a time: the rows as finished start events, in the order in which they are to be opened
 */
public record JobTopics(String jobs, String rows) {
    /** For how long rows, and the records of finished jobs, are kept. */
    public static final Duration RETENTION = Duration.ofDays(30);

    /** What is compacted is never the last segment, and all of it is read when a partition is taken over. */
    private static final int JOBS_SEGMENT_BYTES = 10 << 20;

    /**
     * The consumer group that shares the jobs out.
     *
     * @param groupId of the service's own, with which it begins
     */
    public static String group(String groupId) {
        return groupId + ".jobs";
    }

    /**
     * Of a new job's partition: a hash that every version has to compute alike. It stays there when the topics are given more:
     * {@link JobWatch} finds it.
     */
    public static int partition(String job, int partitions) {
        return Math.floorMod(job.hashCode(), partitions);
    }

    /**
     * Creates those that are missing. The topic of rows takes whatever the start topic takes.
     *
     * @param partitions of each, at least 1
     * @throws dev.serai.kafka.TopicSetupException if Kafka does not answer in time or refuses, or if they may not be
     *     created
     */
    public void ensure(TopicSetup setup, int partitions, String startTopic) throws InterruptedException {
        setup.ensure(specs(partitions), Map.of(rows, List.of(startTopic)));
    }

    /**
     * As they are to be created, with {@link TopicSetup}.
     *
     * @param partitions of each, at least 1; topics that exist are left as they are
     */
    public List<TopicSpec> specs(int partitions) {
        return List.of(
                new TopicSpec(
                        jobs,
                        partitions,
                        Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_COMPACT,
                                TopicConfig.SEGMENT_BYTES_CONFIG,
                                Integer.toString(JOBS_SEGMENT_BYTES))),
                new TopicSpec(
                        rows,
                        partitions,
                        Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION.toMillis()))));
    }
}
