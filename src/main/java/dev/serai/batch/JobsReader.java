package dev.serai.batch;

import dev.serai.kafka.CompactedTopicReader;
import dev.serai.kafka.CompactedTopicReader.Gap;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Reads what is committed of the topic of jobs, as it is now. Without the topic there are no jobs. Every method may throw
 * {@link dev.serai.kafka.TopicReadException} behind a transaction that stays open for longer than a minute, and what Kafka
 * answers, a {@link org.apache.kafka.common.KafkaException}. Stateless.
 */
public final class JobsReader {
    /** The transaction of a killed process is over much earlier. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private JobsReader() {}

    /** All jobs, the oldest first. */
    public static List<Job> all(Map<String, Object> kafka, String jobsTopic) {
        try (var reader = new CompactedTopicReader(kafka, jobsTopic, Gap.PASS, PATIENCE)) {
            JobRecords records = read(reader, IntStream.range(0, reader.shape().partitions()));
            return records.ids().stream()
                    .map(records::job)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing(job -> job.spec().createdAt()))
                    .toList();
        } catch (UnknownTopicOrPartitionException e) {
            return List.of();
        }
    }

    /**
     * A job, and where it is.
     *
     * @param partition of both topics
     */
    public record Located(Job job, int partition) {}

    /** One of them, if there is one of that id. */
    public static Optional<Job> find(Map<String, Object> kafka, String jobsTopic, String job) {
        return locate(kafka, jobsTopic, job).map(Located::job);
    }

    /** The same, of a partition that is known to have it. */
    public static Optional<Job> find(Map<String, Object> kafka, String jobsTopic, int partition, String job) {
        try (var reader = new CompactedTopicReader(kafka, jobsTopic, Gap.PASS, PATIENCE)) {
            return read(reader, IntStream.of(partition)).job(job);
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        }
    }

    /** One of them, if there is one of that id, see {@link JobWatch}. */
    public static Optional<Located> locate(Map<String, Object> kafka, String jobsTopic, String job) {
        try (JobWatch watch = JobWatch.open(kafka, jobsTopic, job)) {
            return watch.located();
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        }
    }

    private static JobRecords read(CompactedTopicReader reader, IntStream partitions) {
        JobRecords records = new JobRecords();
        reader.readToEnd(
                partitions.boxed().collect(Collectors.toSet()), read -> records.take(read.key(), read.value()));
        return records;
    }
}
