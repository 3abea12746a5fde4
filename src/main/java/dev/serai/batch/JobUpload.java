package dev.serai.batch;

import dev.serai.kafka.TransactionalWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * The command's side of a job: writes what it is, its rows, and what is asked of it. Whoever opens this for a job ends another
 * upload of it: that commits nothing any more, and its methods throw {@code ProducerFencedException}.
 *
 * <p>For one thread. Every method may throw what Kafka's clients do, a {@link KafkaException}; after that it is of no more use,
 * and what {@link #found} says when it is opened again holds.
 */
public final class JobUpload implements AutoCloseable {
    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(15);

    private final JobTopics topics;
    private final String job;
    private final int partition;
    private final TransactionalWriter transactions;
    private final Optional<Job> found;
    private JobUploaded uploaded;

    private JobUpload(
            JobTopics topics, String job, int partition, TransactionalWriter transactions, Optional<Job> found) {
        this.topics = topics;
        this.job = job;
        this.partition = partition;
        this.transactions = transactions;
        this.found = found;
        uploaded = found.map(Job::uploaded).orElse(new JobUploaded(0, -1, false, Instant.EPOCH));
    }

    /**
     * Ends any other upload of the job, and looks at what there is of it.
     *
     * @param kafka {@code bootstrap.servers} at least; both topics must be there, see {@link JobTopics#specs}
     * @param job a new one, or one that is to be resumed
     */
    public static JobUpload open(Map<String, Object> kafka, JobTopics topics, String job) {
        int partition = JobWatch.partition(kafka, topics, job);
        TransactionalWriter transactions = TransactionalWriter.open(kafka, "serai-job-upload-" + job, WRITE_PATIENCE);
        try {
            return new JobUpload(
                    topics, job, partition, transactions, JobsReader.find(kafka, topics.jobs(), partition, job));
        } catch (RuntimeException e) {
            transactions.close();
            throw e;
        }
    }

    /** Where the job's first row will be, or before it; for {@link JobSpec#firstRowOffset}. */
    public long firstRowOffset(Map<String, Object> kafka) {
        Long end = JobPartitions.ends(kafka, topics.rows()).get(partition);
        return end == null ? 0 : end;
    }

    /** What there was of the job when this was opened; empty if it is new. */
    public Optional<Job> found() {
        return found;
    }

    /** How much of it is uploaded: these rows are not to be uploaded again. */
    public JobUploaded uploaded() {
        return uploaded;
    }

    /** Begins the job. */
    public void begin(JobSpec spec) {
        if (!spec.job().equals(job)) {
            throw new IllegalArgumentException("this uploads " + job + " and not " + spec.job());
        }
        transactions.write(List.of(JobRecords.of(topics.jobs(), partition, spec)));
    }

    /**
     * Adds rows, and says that they are there, in one transaction.
     *
     * @param rows some hundred at once, in the order in which they are to be opened; empty to say that all are there
     * @param complete whether these are the last
     * @throws dev.serai.kafka.WriteRefusedException if Kafka does not take one of them; none is added, and this goes on being
     *     of use
     */
    public void add(List<JobRow> rows, boolean complete, InstantSource clock) {
        List<ProducerRecord<byte[], byte[]>> records = rows.stream()
                .map(row -> row.toRecord(topics.rows(), partition, job))
                .toList();
        List<JobUploaded> next = new ArrayList<>();
        transactions.write(records, places -> {
            next.add(new JobUploaded(
                    uploaded.rows() + rows.size(),
                    places.isEmpty() ? uploaded.lastOffset() : places.getLast().offset(),
                    complete,
                    clock.instant()));
            return List.of(JobRecords.of(topics.jobs(), partition, job, next.getFirst()));
        });
        uploaded = next.getFirst();
    }

    /** Asks the fleet to publish no more of a job; does not end its upload. */
    public static void cancel(Map<String, Object> kafka, JobTopics topics, String job, String by, Instant at) {
        int partition = JobWatch.likelyPartition(kafka, topics, job);
        try (TransactionalWriter transactions =
                TransactionalWriter.open(kafka, "serai-job-command-" + job, WRITE_PATIENCE)) {
            transactions.write(
                    List.of(JobRecords.of(topics.jobs(), partition, job, new JobCommand(JobCommand.CANCEL, by, at))));
        }
    }

    /** What was not committed is aborted. */
    @Override
    public void close() {
        transactions.close();
    }
}
