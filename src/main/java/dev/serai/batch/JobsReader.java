package dev.serai.batch;

import dev.serai.kafka.CompactedTopicReader;
import dev.serai.kafka.CompactedTopicReader.Gap;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
            JobRecords records = read(
                    reader,
                    IntStream.range(0, reader.shape().partitions()).boxed().collect(Collectors.toSet()));
            return records.ids().stream()
                    .map(records::job)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing(job -> job.spec().createdAt()))
                    .toList();
        } catch (UnknownTopicOrPartitionException e) {
            return List.of();
        }
    }

    /** One of them, if there is one of that id; reads its partition only. */
    public static Optional<Job> find(Map<String, Object> kafka, String jobsTopic, String job) {
        Objects.requireNonNull(job);
        try (var reader = new CompactedTopicReader(kafka, jobsTopic, Gap.PASS, PATIENCE)) {
            int partition = JobTopics.partition(job, reader.shape().partitions());
            return read(reader, Set.of(partition)).job(job);
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        }
    }

    private static JobRecords read(CompactedTopicReader reader, Set<Integer> partitions) {
        JobRecords records = new JobRecords();
        reader.readToEnd(partitions, read -> records.take(read.key(), read.value()));
        return records;
    }
}
