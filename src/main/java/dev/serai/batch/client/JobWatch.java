package dev.serai.batch.client;

import dev.serai.batch.Job;
import dev.serai.batch.JobRecords;
import dev.serai.batch.JobTopics;
import dev.serai.kafka.CompactedTopicReader;
import dev.serai.kafka.CompactedTopicReader.Gap;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One job as its topic says it, from now on. Every method may throw what Kafka's clients do. For one thread.
 */
public final class JobWatch implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String job;
    private final CompactedTopicReader reader;
    private final JobRecords records = new JobRecords();

    /**
     * Reads what is known of the job.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException if there is no topic of jobs
     * @throws dev.serai.kafka.TopicReadException if it cannot be read within a minute
     */
    public JobWatch(Map<String, Object> kafka, JobTopics topics, String job) {
        this.job = job;
        reader = new CompactedTopicReader(kafka, topics.jobs(), Gap.PASS, PATIENCE);
        try {
            int partitions = reader.shape().partitions();
            reader.readToEnd(
                    Set.of(JobTopics.partition(job, partitions)), read -> records.take(read.key(), read.value()));
            if (records.job(job).isEmpty()) {
                // It may have been begun when there were fewer.
                reader.readToEnd(
                        IntStream.range(0, partitions).boxed().collect(Collectors.toSet()),
                        read -> records.take(read.key(), read.value()));
            }
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /** The job, with what has been said of it since; waits for that at most so long. Empty if it is not, or no more, there. */
    public Optional<Job> look(Duration limit) {
        reader.readMore(limit, read -> records.take(read.key(), read.value()));
        return records.job(job);
    }

    @Override
    public void close() {
        reader.close();
    }
}
