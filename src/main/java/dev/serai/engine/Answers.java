package dev.serai.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Waits for what an admin client was asked, within a bound. */
final class Answers {
    private Answers() {}

    /** @throws ExecutionException with Kafka's reason, if it refuses */
    static <T> T await(KafkaFuture<T> asked, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        return asked.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The answer of a call that was about one thing. */
    static <T> T awaitOne(Map<?, KafkaFuture<T>> asked, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        return await(Objects.requireNonNull(asked.values().iterator().next()), patience);
    }

    /** What the coordinator of a transactional id knows of its transactions. */
    static TransactionDescription describeTransactions(Admin admin, String transactionalId, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        return await(admin.describeTransactions(List.of(transactionalId)).description(transactionalId), patience);
    }

    /** Where a producer's open transaction begins on a partition; empty if it has none there. */
    static OptionalLong openSince(
            DescribeProducersResult described, TopicPartition partition, long producerId, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        return await(described.partitionResult(partition), patience).activeProducers().stream()
                .filter(producer -> producer.producerId() == producerId)
                .flatMapToLong(producer -> producer.currentTransactionStartOffset().stream())
                .min();
    }

    /** The topic, with what this client may do with it. */
    static TopicDescription describe(Admin admin, String topic, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        DescribeTopicsOptions options =
                new DescribeTopicsOptions().includeAuthorizedOperations(true).timeoutMs((int) patience.toMillis());
        return awaitOne(admin.describeTopics(List.of(topic), options).topicNameValues(), patience);
    }
}
