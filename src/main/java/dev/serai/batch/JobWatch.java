package dev.serai.batch;

import dev.serai.batch.JobsReader.Located;
import dev.serai.kafka.CompactedTopicReader;
import dev.serai.kafka.CompactedTopicReader.Gap;
import dev.serai.kafka.TopicReadException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job as its topic says it, from now on. Reads the partition in which a new job of that id would be, and the others if it is
 * not there: a job that was begun before the topic was given more partitions stays where it is. Every method may throw what
 * Kafka's clients do. For one thread.
 */
public final class JobWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobWatch.class);

    /** The transaction of a killed process is over much earlier. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration SHORT_PATIENCE = Duration.ofSeconds(10);

    private final String job;
    private final String topic;
    private final CompactedTopicReader reader;
    private final Map<Integer, JobRecords> records = new HashMap<>();
    private int partitions;

    private JobWatch(Map<String, Object> kafka, String jobsTopic, String job, Duration limit) {
        this.job = job;
        topic = jobsTopic;
        reader = new CompactedTopicReader(kafka, jobsTopic, Gap.PASS, limit);
    }

    /**
     * Reads what is known of the job.
     *
     * @throws UnknownTopicOrPartitionException if there is no topic of jobs
     * @throws TopicReadException if it cannot be read within a minute
     */
    public static JobWatch open(Map<String, Object> kafka, String jobsTopic, String job) {
        JobWatch watch = new JobWatch(kafka, jobsTopic, job, PATIENCE);
        try {
            watch.read();
            return watch;
        } catch (RuntimeException e) {
            watch.close();
            throw e;
        }
    }

    /** Which partition of both topics, which must be there, has the job, or is to have it. */
    static int partition(Map<String, Object> kafka, JobTopics topics, String job) {
        try (JobWatch watch = open(kafka, topics.jobs(), job)) {
            return watch.partition(topics.rows());
        }
    }

    /**
     * The same for what must get through while the topic of jobs cannot be read, as behind a transaction that hangs: then it is
     * where it is unless the topic was given partitions since.
     */
    static int likelyPartition(Map<String, Object> kafka, JobTopics topics, String job) {
        try (JobWatch watch = new JobWatch(kafka, topics.jobs(), job, SHORT_PATIENCE)) {
            try {
                watch.read();
            } catch (TopicReadException e) {
                LOG.debug("where job {} is could not be read", job, e);
            }
            return watch.partition(topics.rows());
        }
    }

    private void read() {
        partitions = reader.shape().partitions();
        int likely = JobTopics.partition(job, partitions);
        reader.readToEnd(Set.of(likely), this::take);
        if (located().isEmpty()) {
            reader.readToEnd(
                    IntStream.range(0, partitions)
                            .filter(other -> other != likely)
                            .boxed()
                            .collect(Collectors.toSet()),
                    this::take);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> read) {
        records.computeIfAbsent(read.partition(), partition -> new JobRecords()).take(read.key(), read.value());
    }

    private int partition(String rowsTopic) {
        int partition = located().map(Located::partition).orElseGet(() -> JobTopics.partition(job, partitions));
        int rows = reader.partitionCount(rowsTopic);
        if (rows == 0) {
            throw new UnknownTopicOrPartitionException("topic " + rowsTopic + " is not there");
        }
        if (partition >= rows) {
            throw new KafkaException("topic " + rowsTopic + " has " + rows + " partitions and " + topic + " has "
                    + partitions + ": give " + rowsTopic + " as many");
        }
        return partition;
    }

    /** The job, and where it is; empty if it is not, or no more, there. */
    Optional<Located> located() {
        return records.entrySet().stream()
                .flatMap(each -> each.getValue().job(job).map(found -> new Located(found, each.getKey())).stream())
                .findFirst();
    }

    /** The job, with what has been said of it since; waits for that at most so long. Empty if it is not, or no more, there. */
    public Optional<Job> look(Duration limit) {
        reader.readMore(limit, this::take);
        return located().map(Located::job);
    }

    @Override
    public void close() {
        reader.close();
    }
}
