package dev.serai.engine;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a consumer group has committed. Thread-safe, as the admin client that it asks. */
public final class CommittedOffsets {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Admin admin;
    private final String groupId;

    public CommittedOffsets(Admin admin, String groupId) {
        this.admin = admin;
        this.groupId = groupId;
    }

    /**
     * What is committed so far, whatever a transaction that is not decided yet may bring.
     *
     * @throws KafkaException if Kafka refuses, or does not answer within ten seconds
     */
    Map<TopicPartition, @Nullable OffsetAndMetadata> soFar(Set<TopicPartition> partitions) throws InterruptedException {
        return ask(partitions, false, PATIENCE);
    }

    /**
     * What is committed and will not change any more by a transaction that began before. Left out are the partitions whose
     * offset stands in a transaction that is not decided yet (KIP-447); null stands for "nothing was ever committed".
     *
     * @throws KafkaException if Kafka refuses, or does not answer within ten seconds
     */
    Map<TopicPartition, @Nullable OffsetAndMetadata> stable(Set<TopicPartition> partitions)
            throws InterruptedException {
        return stable(partitions, PATIENCE);
    }

    /**
     * As {@link #stable(Set)}, with a time limit of the caller's.
     *
     * @throws KafkaException if Kafka refuses, or does not answer in time
     */
    Map<TopicPartition, @Nullable OffsetAndMetadata> stable(Set<TopicPartition> partitions, Duration patience)
            throws InterruptedException {
        return ask(partitions, true, patience);
    }

    private Map<TopicPartition, @Nullable OffsetAndMetadata> ask(
            Set<TopicPartition> partitions, boolean stable, Duration patience) throws InterruptedException {
        try {
            return Answers.await(
                    admin.listConsumerGroupOffsets(
                                    Map.of(groupId, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)),
                                    new ListConsumerGroupOffsetsOptions()
                                            .requireStable(stable)
                                            .timeoutMs((int) patience.toMillis()))
                            .partitionsToOffsetAndMetadata(groupId),
                    patience);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException(
                    "Kafka did not say within " + patience.toSeconds() + " s what group " + groupId + " has committed",
                    e);
        }
    }
}
