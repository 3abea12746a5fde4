package dev.serai.engine;

import dev.serai.loop.Elapsed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Utils;

/**
 * Finds the transactions that keep partitions from being taken over: those that hold the group's committed offsets, and
 * those that hold session records. For one thread.
 */
final class OpenTransactions {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Admin admin;
    private final String groupId;
    private final Optional<String> alsoHolding;

    /**
     * A transaction that is not decided.
     *
     * @param id the transactional id; empty if no coordinator knows it any more
     * @param where a partition that it holds
     * @param begin its first offset there
     * @param age since it last wrote
     */
    record OpenTransaction(Optional<String> id, long producerId, TopicPartition where, long begin, Duration age) {
        @Override
        public String toString() {
            return "transaction " + id.orElse("of no known transactional id") + " (producer " + producerId + ", "
                    + Elapsed.text(age) + " old, on " + where + " from offset " + begin + ")";
        }

        /** What ends it where its own producer does not. */
        String remedy() {
            return "kafka-transactions.sh --bootstrap-server … abort --topic " + where.topic() + " --partition "
                    + where.partition() + " --start-offset " + begin;
        }
    }

    /** @param alsoHolding a topic whose partitions of the same numbers are looked at, too */
    OpenTransactions(Admin admin, String groupId, Optional<String> alsoHolding) {
        this.admin = admin;
        this.groupId = groupId;
        this.alsoHolding = alsoHolding;
    }

    /**
     * Those that have been open for that long at least, the oldest first.
     *
     * @param partitions that wait
     * @throws ExecutionException if Kafka refuses: it takes the right to READ __consumer_offsets and the session topic
     */
    List<OpenTransaction> holding(Set<Integer> partitions, Duration least)
            throws InterruptedException, ExecutionException, TimeoutException {
        Set<TopicPartition> places = alsoHolding.stream()
                .flatMap(topic -> partitions.stream().map(partition -> new TopicPartition(topic, partition)))
                .collect(Collectors.toCollection(HashSet::new));
        places.add(offsetsOfGroup());
        List<OpenTransaction> open = new ArrayList<>();
        long now = System.currentTimeMillis();
        for (TopicPartition place : places) {
            for (ProducerState producer : Answers.await(
                            admin.describeProducers(List.of(place)).partitionResult(place), PATIENCE)
                    .activeProducers()) {
                Duration age = Duration.ofMillis(Math.max(0, now - producer.lastTimestamp()));
                if (producer.currentTransactionStartOffset().isPresent() && age.compareTo(least) >= 0) {
                    open.add(new OpenTransaction(
                            id(producer.producerId()),
                            producer.producerId(),
                            place,
                            producer.currentTransactionStartOffset().getAsLong(),
                            age));
                }
            }
        }
        open.sort((a, b) -> b.age().compareTo(a.age()));
        return open;
    }

    private TopicPartition offsetsOfGroup() throws InterruptedException, ExecutionException, TimeoutException {
        int count = Answers.describe(admin, Topic.GROUP_METADATA_TOPIC_NAME, PATIENCE)
                .partitions()
                .size();
        return new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, Utils.abs(groupId.hashCode()) % count);
    }

    private Optional<String> id(long producerId) throws InterruptedException, ExecutionException, TimeoutException {
        return Answers.await(
                        admin.listTransactions(new ListTransactionsOptions().filterProducerIds(Set.of(producerId)))
                                .all(),
                        PATIENCE)
                .stream()
                .map(TransactionListing::transactionalId)
                .findFirst();
    }
}
