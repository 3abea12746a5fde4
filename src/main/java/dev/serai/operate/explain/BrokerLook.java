package dev.serai.operate.explain;

import dev.serai.kafka.ClientProperties;
import dev.serai.kafka.KafkaAnswers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** What Kafka's brokers say of topics, the group and transactions. For one thread. */
final class BrokerLook implements AutoCloseable {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private final Admin admin;

    /** Why each of these cannot be looked at. */
    private final SortedMap<String, String> unseen = new TreeMap<>();

    BrokerLook(Map<String, Object> kafka) {
        this(Admin.create(ClientProperties.within(kafka, ANSWER_LIMIT)));
    }

    /** @param admin is closed with this */
    BrokerLook(Admin admin) {
        this.admin = admin;
    }

    /** Partitions that were to be looked at and could not, as {@code topic-partition}, each with the reason. */
    SortedMap<String, String> unseen() {
        return new TreeMap<>(unseen);
    }

    /** How many partitions a topic has; 0 if there is no such topic. */
    int partitions(String topic) throws InterruptedException {
        return described(topic).size();
    }

    private List<TopicPartitionInfo> described(String topic) throws InterruptedException {
        try {
            return admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                    .flatMap(described -> described.partitions().stream())
                    .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return List.of();
            }
            throw KafkaAnswers.refusal(e);
        }
    }

    /**
     * What there is of those partitions that the topic has, the lowest number first; none if there is no such topic. Without
     * those that have no leader, or one that does not answer, which are {@link #unseen} from then on.
     */
    List<Extent> extents(String topic, Collection<Integer> numbers, Instant since) throws InterruptedException {
        List<TopicPartition> partitions = new ArrayList<>();
        for (TopicPartitionInfo described : numbers.isEmpty() ? List.<TopicPartitionInfo>of() : described(topic)) {
            TopicPartition partition = new TopicPartition(topic, described.partition());
            if (!numbers.contains(described.partition())) {
                continue;
            }
            if (described.leader() == null || described.leader().isEmpty()) {
                unseen.put(partition.toString(), "has no leader");
            } else {
                partitions.add(partition);
            }
        }
        partitions.sort(Comparator.comparing(TopicPartition::partition));
        partitions.removeIf(partition -> unseen.containsKey(partition.toString()));
        var first = offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
        var then = offsets(partitions, OffsetSpec.forTimestamp(since.toEpochMilli()), IsolationLevel.READ_UNCOMMITTED);
        var stable = offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        var ends = offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        List<Extent> extents = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            if (unseen.containsKey(partition.toString())) {
                continue;
            }
            long begin = offset(first, partition);
            long end = offset(ends, partition);
            long decided = Math.min(offset(stable, partition), end);
            long from = offset(then, partition);
            extents.add(new Extent(
                    partition,
                    begin,
                    // No record is as new as that.
                    from < 0 ? decided : Math.min(Math.max(from, begin), decided),
                    decided,
                    end));
        }
        return extents;
    }

    private static long offset(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        return Objects.requireNonNull(offsets.get(partition), "Kafka answers for each partition that it is asked for");
    }

    /** Of the whole topic; none if there is no such topic. */
    List<Extent> extents(String topic, Instant since) throws InterruptedException {
        return extents(topic, IntStream.range(0, partitions(topic)).boxed().toList(), since);
    }

    /** Of those whose leader answers: one that does not is not waited for again. */
    private Map<TopicPartition, Long> offsets(
            List<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation) throws InterruptedException {
        var asked = partitions.stream()
                .filter(partition -> !unseen.containsKey(partition.toString()))
                .collect(Collectors.toMap(partition -> partition, partition -> which));
        if (asked.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        KafkaException failure = null;
        ListOffsetsResult answers = admin.listOffsets(asked, new ListOffsetsOptions(isolation));
        for (TopicPartition partition : asked.keySet()) {
            try {
                offsets.put(
                        partition,
                        KafkaAnswers.await(answers.partitionResult(partition)).offset());
            } catch (TimeoutException | LeaderNotAvailableException e) {
                failure = e;
                unseen.put(partition.toString(), "is not answered for: " + e.getMessage());
            }
        }
        if (offsets.isEmpty() && failure != null && !answers()) {
            throw failure;
        }
        return offsets;
    }

    /** Whether Kafka answers at all. */
    private boolean answers() throws InterruptedException {
        try {
            admin.describeCluster().nodes().get();
            return true;
        } catch (ExecutionException e) {
            return false;
        }
    }

    /** Who reads that partition of the start topic. */
    GroupSeen group(String id, Extent extent) throws InterruptedException {
        TopicPartition partition = extent.partition();
        try {
            ConsumerGroupDescription group = describe(id);
            Collection<MemberDescription> members = group == null ? List.of() : group.members();
            OffsetAndMetadata committed = KafkaAnswers.await(
                            admin.listConsumerGroupOffsets(id).partitionsToOffsetAndMetadata())
                    .get(partition);
            return new GroupSeen(
                    id,
                    partition.partition(),
                    members.size(),
                    group != null && isRebalancing(group.groupState()),
                    members.stream()
                            .filter(member ->
                                    member.assignment().topicPartitions().contains(partition))
                            .map(member -> member.clientId() + " at " + member.host())
                            .findFirst()
                            .orElse(null),
                    committed == null ? null : committed.offset(),
                    extent.stable(),
                    null,
                    false);
        } catch (KafkaException e) {
            return GroupSeen.unseen(id, partition.partition(), e);
        }
    }

    private @Nullable ConsumerGroupDescription describe(String id) throws InterruptedException {
        try {
            return admin.describeConsumerGroups(List.of(id)).all().get().get(id);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return null;
            }
            throw KafkaAnswers.refusal(e);
        }
    }

    private static boolean isRebalancing(GroupState state) {
        return switch (state) {
            case PREPARING_REBALANCE, COMPLETING_REBALANCE, ASSIGNING, RECONCILING -> true;
            default -> false;
        };
    }

    /**
     * What holds these back, the one first that has been silent for longest.
     *
     * @throws KafkaException if Kafka refuses to tell: it takes the right to READ the topics
     */
    List<OpenTransaction> holding(Collection<Extent> extents) throws InterruptedException {
        List<OpenTransaction> open = new ArrayList<>();
        long now = System.currentTimeMillis();
        for (Extent extent : extents) {
            if (!extent.hasUndecided()) {
                continue;
            }
            TopicPartition partition = extent.partition();
            for (ProducerState producer : KafkaAnswers.await(
                            admin.describeProducers(List.of(partition)).partitionResult(partition))
                    .activeProducers()) {
                if (producer.currentTransactionStartOffset().isPresent()) {
                    open.add(new OpenTransaction(
                            new Position(
                                    partition.topic(),
                                    partition.partition(),
                                    producer.currentTransactionStartOffset().getAsLong()),
                            id(producer.producerId()).orElse(null),
                            producer.producerId(),
                            Duration.ofMillis(Math.max(0, now - producer.lastTimestamp()))));
                }
            }
        }
        open.sort((a, b) -> b.idle().compareTo(a.idle()));
        return open;
    }

    private Optional<String> id(long producerId) throws InterruptedException {
        return KafkaAnswers.await(
                        admin.listTransactions(new ListTransactionsOptions().filterProducerIds(Set.of(producerId)))
                                .all())
                .stream()
                .map(TransactionListing::transactionalId)
                .findFirst();
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
