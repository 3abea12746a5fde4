package dev.serai.batch;

import dev.serai.kafka.ClientProperties;
import dev.serai.kafka.KafkaAnswers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Up to where a topic is written. Stateless. */
public final class JobPartitions {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private JobPartitions() {}

    /**
     * Where records that are written from now on will be, by partition of a topic; for {@link JobSpec#repliesFrom}.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException if there is no such topic
     */
    public static Map<Integer, Long> ends(Map<String, Object> kafka, String topic) {
        try (Admin admin = Admin.create(ClientProperties.within(kafka, PATIENCE))) {
            Map<TopicPartition, OffsetSpec> latest =
                    answer(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                            .flatMap(description -> description.partitions().stream())
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

    private static <T> T answer(KafkaFuture<T> asked) {
        try {
            return KafkaAnswers.await(asked);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
