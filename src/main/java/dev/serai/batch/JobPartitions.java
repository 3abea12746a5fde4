package dev.serai.batch;

import dev.serai.batch.JobsReader.Located;
import dev.serai.kafka.ClientProperties;
import dev.serai.kafka.KafkaAnswers;
import dev.serai.kafka.TopicReadException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Where jobs are in their topics: which partition has one, and up to where a topic is written. */
public final class JobPartitions {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SHORT_PATIENCE = Duration.ofSeconds(10);

    private JobPartitions() {}

    /** Which partition of both topics has the job, or is to have it. */
    static int of(Map<String, Object> kafka, JobTopics topics, String job) {
        return of(kafka, topics, job, JobsReader.locate(kafka, topics.jobs(), job));
    }

    /**
     * The same for what must get through while the topic of jobs cannot be read, as behind a transaction that hangs: then it is
     * where it is unless the topic was given partitions since.
     */
    static int likely(Map<String, Object> kafka, JobTopics topics, String job) {
        Optional<Located> located;
        try {
            located = JobsReader.locate(kafka, topics.jobs(), job, SHORT_PATIENCE);
        } catch (TopicReadException e) {
            located = Optional.empty();
        }
        return of(kafka, topics, job, located);
    }

    private static int of(Map<String, Object> kafka, JobTopics topics, String job, Optional<Located> located) {
        try (Admin admin = Admin.create(ClientProperties.within(kafka, PATIENCE))) {
            return of(admin, topics, job, located);
        }
    }

    private static int of(Admin admin, JobTopics topics, String job, Optional<Located> located) {
        Map<String, TopicDescription> there = answer(
                admin.describeTopics(List.of(topics.jobs(), topics.rows())).allTopicNames());
        int jobs = topic(there, topics.jobs()).partitions().size();
        int rows = topic(there, topics.rows()).partitions().size();
        int partition = located.map(Located::partition).orElseGet(() -> JobTopics.partition(job, jobs));
        if (partition >= rows) {
            throw new KafkaException("topic " + topics.rows() + " has " + rows + " partitions and " + topics.jobs()
                    + " has " + jobs + ": give " + topics.rows() + " as many");
        }
        return partition;
    }

    /**
     * Where records that are written from now on will be, by partition of a topic; for {@link JobSpec#repliesFrom}.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException if there is no such topic
     */
    public static Map<Integer, Long> ends(Map<String, Object> kafka, String topic) {
        try (Admin admin = Admin.create(ClientProperties.within(kafka, PATIENCE))) {
            TopicDescription description =
                    topic(answer(admin.describeTopics(List.of(topic)).allTopicNames()), topic);
            Map<TopicPartition, OffsetSpec> latest = description.partitions().stream()
                    .collect(Collectors.toMap(
                            each -> new TopicPartition(topic, each.partition()), each -> OffsetSpec.latest()));
            Map<TopicPartition, ListOffsetsResultInfo> ends =
                    answer(admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                            .all());
            return ends.entrySet().stream()
                    .collect(Collectors.toMap(end -> end.getKey().partition(), end -> end.getValue()
                            .offset()));
        } catch (UnknownTopicOrPartitionException e) {
            throw new UnknownTopicOrPartitionException("topic " + topic + " is not there", e);
        }
    }

    private static TopicDescription topic(Map<String, TopicDescription> there, String name) {
        return Objects.requireNonNull(there.get(name), name);
    }

    private static <T> T answer(KafkaFuture<T> asked) {
        try {
            return KafkaAnswers.await(asked);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
