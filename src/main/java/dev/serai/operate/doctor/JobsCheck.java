package dev.serai.operate.doctor;

import dev.serai.kafka.KafkaAnswers;
import dev.serai.settings.SeraiSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The two topics of provisioning jobs, which are there from the first job on. The start of a service does not look at them:
 * without them it does all else.
 */
record JobsCheck(KafkaAccess kafka, SeraiSettings settings) {
    /** Whether they are there, and have partitions that fit. */
    List<Found> topics() throws InterruptedException {
        Map<String, Integer> partitions = partitions();
        String jobs = settings.kafka().jobTopic();
        String rows = settings.kafka().jobRowTopic();
        Integer ofJobs = partitions.get(jobs);
        Integer ofRows = partitions.get(rows);
        if (ofJobs == null && ofRows == null) {
            return List.of();
        }
        if (ofJobs == null || ofRows == null) {
            String missing = ofJobs == null ? jobs : rows;
            return List.of(Found.error(
                    missing + " is not there, or may not be seen, and " + (ofJobs == null ? rows : jobs)
                            + " is: no job goes on",
                    "have it made by the next ./serai provision run, by a client that may CREATE it, or give this one"
                            + " DESCRIBE on it; rows that were on it are gone"));
        }
        return List.of(
                ofRows < ofJobs
                        ? Found.error(
                                jobs + " has " + ofJobs + " partitions and " + rows + " has " + ofRows
                                        + ": a job of the higher ones has no place for its rows, and is refused",
                                kafka.command("kafka-topics.sh") + "--alter --topic " + rows + " --partitions "
                                        + ofJobs)
                        : Found.ok(
                                jobs + " and " + rows + " of provisioning jobs are there, and their partitions fit"));
    }

    /** Of those that are there. */
    private Map<String, Integer> partitions() throws InterruptedException {
        Map<String, Integer> partitions = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : kafka.admin()
                .describeTopics(
                        List.of(settings.kafka().jobTopic(), settings.kafka().jobRowTopic()))
                .topicNameValues()
                .entrySet()) {
            try {
                partitions.put(
                        topic.getKey(),
                        KafkaAnswers.await(topic.getValue()).partitions().size());
            } catch (UnknownTopicOrPartitionException | InvalidTopicException | AuthorizationException e) {
                // It is not there for this client.
            }
        }
        return partitions;
    }
}
