package dev.serai.trial.prove;

import dev.serai.kafka.AccessCheck;
import dev.serai.kafka.AccessCheck.Lack;
import dev.serai.kafka.AccessCheck.Need;
import dev.serai.kafka.AccessCheck.Resource;
import dev.serai.kafka.ClientProperties;
import dev.serai.kafka.ConversationTopics;
import dev.serai.kafka.TopicSetup;
import dev.serai.kafka.TopicSetupException;
import dev.serai.trial.guarantee.CommittedToTheEnd;
import dev.serai.trial.guarantee.CommittedToTheEnd.Position;
import dev.serai.trial.guarantee.SecretSearch;
import dev.serai.trial.guarantee.SeenDeadLetter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics and the group of one run, from before they are there until they are gone. Whatever Kafka answers comes out as
 * a {@link KafkaException}. For one thread.
 */
final class TrialKafka implements AutoCloseable {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final Duration RETENTION = Duration.ofDays(1);

    /** A killed member is in its group for as long as its session lasts, which is 10 s. */
    private static final Duration EMPTY_WITHIN = Duration.ofSeconds(20);

    private static final Duration ASK_AGAIN_AFTER = Duration.ofMillis(500);

    private final Map<String, Object> properties;
    private final TrialNames names;
    private final Admin admin;
    private boolean isOurs;

    TrialKafka(Map<String, Object> properties, TrialNames names) {
        this.properties = properties;
        this.names = names;
        admin = Admin.create(ClientProperties.within(properties, ANSWER_LIMIT));
    }

    Map<String, Object> properties() {
        return properties;
    }

    TrialNames names() {
        return names;
    }

    /**
     * Makes the topics.
     *
     * @throws TrialRefusedException if Kafka does not let this client, or one of them is there already
     */
    void create(int partitions) throws InterruptedException {
        requireNew();
        isOurs = true;
        try {
            new TopicSetup(properties, true, ANSWER_LIMIT)
                    .ensure(new ConversationTopics(
                            names.start(),
                            List.of(names.replies()),
                            names.deadLetters(),
                            names.sessions(),
                            List.of(),
                            partitions,
                            RETENTION,
                            RETENTION));
        } catch (TopicSetupException e) {
            if (e.isOfTopics()) {
                throw new TrialRefusedException(e.getMessage() + System.lineSeparator() + needs(), e);
            }
            throw e;
        }
        List<Lack> lacks = new AccessCheck(properties, ANSWER_LIMIT).lacks(rights());
        if (!lacks.isEmpty()) {
            throw new TrialRefusedException(
                    lacks.stream().map(Lack::text).collect(Collectors.joining(System.lineSeparator()))
                            + System.lineSeparator()
                            + needs(),
                    null);
        }
    }

    private void requireNew() throws InterruptedException {
        for (Map.Entry<String, KafkaFuture<Void>> topic :
                admin.describeTopics(names.topics()).topicNameValues().entrySet().stream()
                        .map(each -> Map.entry(each.getKey(), each.getValue().<Void>thenApply(description -> null)))
                        .toList()) {
            try {
                topic.getValue().get();
                throw new TrialRefusedException(
                        "topic " + topic.getKey() + " is there already, and not of this run: the same command again"
                                + " takes another name",
                        null);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    continue; // whoever creates them says what is wrong
                }
            }
        }
    }

    private List<Need> rights() throws InterruptedException {
        String reason = "this run needs it";
        List<AclOperation> operations = new ArrayList<>(List.of(AclOperation.READ, AclOperation.WRITE));
        if (!mayDeleteAnyTopic()) {
            operations.add(AclOperation.DELETE);
        }
        List<Need> needs = new ArrayList<>();
        for (String topic : names.topics()) {
            operations.forEach(operation -> needs.add(new Need(Resource.TOPIC, topic, operation, reason)));
        }
        needs.add(new Need(Resource.GROUP, names.group(), AclOperation.READ, reason));
        return needs;
    }

    /** By the right on the cluster, which stands for that on each topic. */
    private boolean mayDeleteAnyTopic() throws InterruptedException {
        Set<AclOperation> ofCluster =
                answer(admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true))
                        .authorizedOperations());
        return ofCluster != null && ofCluster.contains(AclOperation.DELETE);
    }

    /** What whoever grants rights is told. */
    String needs() {
        return "A run needs CREATE, DESCRIBE, READ, WRITE and DELETE on topics, READ, DESCRIBE and DELETE on groups, and"
                + " WRITE and DESCRIBE on transactional ids that begin with " + names.prefix()
                + ". Allow it with: kafka-acls.sh --bootstrap-server "
                + ClientProperties.bootstrapServers(properties)
                + " --add --allow-principal User:NAME --operation All --resource-pattern-type prefixed --topic "
                + names.prefix() + " --group " + names.prefix() + " --transactional-id " + names.prefix();
    }

    /** Whether the group has so many members and each of them its partitions, as far as there are enough. */
    boolean isSettled(int members, int partitions) throws InterruptedException {
        ConsumerGroupDescription group;
        try {
            group = answer(admin.describeConsumerGroups(List.of(names.group())).all())
                    .get(names.group());
        } catch (GroupIdNotFoundException e) {
            return false; // nobody has joined yet
        }
        return group.groupState() == GroupState.STABLE
                && group.members().size() == members
                && group.members().stream()
                                .mapToInt(member ->
                                        member.assignment().topicPartitions().size())
                                .filter(count -> count > 0)
                                .count()
                        == Math.min(members, partitions)
                && group.members().stream()
                                .mapToInt(member ->
                                        member.assignment().topicPartitions().size())
                                .sum()
                        == partitions;
    }

    /** How far the group has come with the start topic. */
    CommittedToTheEnd positions() throws InterruptedException {
        List<TopicPartition> partitions =
                answer(admin.describeTopics(List.of(names.start())).allTopicNames())
                        .get(names.start())
                        .partitions()
                        .stream()
                        .map(info -> new TopicPartition(names.start(), info.partition()))
                        .toList();
        Map<TopicPartition, OffsetAndMetadata> committed =
                answer(admin.listConsumerGroupOffsets(names.group()).partitionsToOffsetAndMetadata());
        SortedMap<Integer, Position> positions = new TreeMap<>();
        answer(admin.listOffsets(partitions.stream()
                                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                        .all())
                .forEach((partition, end) -> {
                    OffsetAndMetadata offset = committed.get(partition);
                    positions.put(
                            partition.partition(), new Position(end.offset(), offset == null ? null : offset.offset()));
                });
        return new CommittedToTheEnd(positions);
    }

    List<SeenDeadLetter> deadLetters() {
        return read(names.deadLetters(), IsolationLevel.READ_COMMITTED).stream()
                .map(SeenDeadLetter::of)
                .toList();
    }

    /** How many records of the reply topic have any of the secrets. */
    int repliesWith(SecretSearch search) {
        return (int) read(names.replies(), IsolationLevel.READ_COMMITTED).stream()
                .filter(reply -> search.in(reply) > 0)
                .count();
    }

    /** The records of the other topics that have any of the secrets, those of aborted transactions among them. */
    List<String> recordsWith(SecretSearch search) {
        return Stream.of(names.start(), names.deadLetters(), names.sessions())
                .flatMap(topic -> read(topic, IsolationLevel.READ_UNCOMMITTED).stream())
                .filter(each -> search.in(each) > 0)
                .map(each -> each.topic() + "-" + each.partition() + "@" + each.offset() + " has " + search.in(each)
                        + " tokens or session ids")
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic, IsolationLevel isolation) {
        try (TopicScan scan = new TopicScan(properties, topic, isolation)) {
            return scan.rest();
        }
    }

    /**
     * Deletes what is this run's own.
     *
     * @return what could not be deleted, each with the reason
     */
    List<String> delete() {
        if (!isOurs) {
            return List.of();
        }
        List<String> left = new ArrayList<>();
        boolean interrupted = Thread.interrupted();
        for (String topic : names.topics()) {
            try {
                answer(admin.deleteTopics(List.of(topic)).all());
            } catch (UnknownTopicOrPartitionException e) {
                continue; // it was not made
            } catch (KafkaException e) {
                left.add("topic " + topic + " (" + e.getMessage() + ")");
            } catch (InterruptedException e) {
                interrupted = true;
                left.add("topic " + topic + " (interrupted)");
            }
        }
        try {
            deleteGroup();
        } catch (KafkaException e) {
            left.add("consumer group " + names.group() + " (" + e.getMessage() + ")");
        } catch (InterruptedException e) {
            interrupted = true;
            left.add("consumer group " + names.group() + " (interrupted)");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return left;
    }

    private void deleteGroup() throws InterruptedException {
        long deadline = System.nanoTime() + EMPTY_WITHIN.toNanos();
        while (true) {
            try {
                answer(admin.deleteConsumerGroups(List.of(names.group())).all());
                return;
            } catch (GroupIdNotFoundException e) {
                return; // nobody came to read
            } catch (GroupNotEmptyException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(ASK_AGAIN_AFTER);
            }
        }
    }

    private static <T> T answer(KafkaFuture<T> pending) throws InterruptedException {
        try {
            return pending.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
