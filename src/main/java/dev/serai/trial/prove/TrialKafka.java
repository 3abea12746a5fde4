package dev.serai.trial.prove;

import dev.serai.kafka.ClientProperties;
import dev.serai.kafka.ConversationTopicSetup;
import dev.serai.kafka.ConversationTopics;
import dev.serai.kafka.KafkaAnswers;
import dev.serai.kafka.TopicSetupException;
import dev.serai.trial.guarantee.CommittedToTheEnd;
import dev.serai.trial.guarantee.CommittedToTheEnd.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
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

    /** What an earlier run has left, which is over. */
    static TrialKafka ofLeftover(Map<String, Object> properties, TrialNames names) {
        TrialKafka kafka = new TrialKafka(properties, names);
        kafka.isOurs = true;
        return kafka;
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
        TrialRights rights = new TrialRights(admin, properties, names, ANSWER_LIMIT);
        try {
            new ConversationTopicSetup(properties, true, ANSWER_LIMIT)
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
                throw new TrialRefusedException(e.getMessage() + System.lineSeparator() + rights.needs(), e);
            }
            throw e;
        }
        rights.require();
    }

    private void requireNew() throws InterruptedException {
        for (String topic : names.topics()) {
            try {
                KafkaAnswers.await(admin.describeTopics(List.of(topic)).allTopicNames());
            } catch (UnknownTopicOrPartitionException | AuthorizationException e) {
                continue; // what may not be seen is refused where it is made
            }
            throw new TrialRefusedException(
                    "topic " + topic + " is there already, and not of this run: the same command again takes another"
                            + " name",
                    null);
        }
    }

    /** Whether the group has so many members and each of them its partitions, as far as there are enough. */
    boolean isSettled(int members, int partitions) throws InterruptedException {
        ConsumerGroupDescription group;
        try {
            group = KafkaAnswers.await(
                            admin.describeConsumerGroups(List.of(names.group())).all())
                    .values()
                    .iterator()
                    .next();
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
        List<TopicPartition> partitions = KafkaAnswers.await(
                        admin.describeTopics(List.of(names.start())).allTopicNames())
                .values()
                .iterator()
                .next()
                .partitions()
                .stream()
                .map(info -> new TopicPartition(names.start(), info.partition()))
                .toList();
        Map<TopicPartition, OffsetAndMetadata> committed =
                KafkaAnswers.await(admin.listConsumerGroupOffsets(names.group()).partitionsToOffsetAndMetadata());
        SortedMap<Integer, Position> positions = new TreeMap<>();
        KafkaAnswers.await(admin.listOffsets(partitions.stream()
                                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                        .all())
                .forEach((partition, end) -> {
                    OffsetAndMetadata offset = committed.get(partition);
                    positions.put(
                            partition.partition(), new Position(end.offset(), offset == null ? null : offset.offset()));
                });
        return new CommittedToTheEnd(positions);
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
                KafkaAnswers.await(admin.deleteTopics(List.of(topic)).all());
            } catch (UnknownTopicOrPartitionException e) {
                // It was not made.
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
                KafkaAnswers.await(
                        admin.deleteConsumerGroups(List.of(names.group())).all());
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

    @Override
    public void close() {
        admin.close();
    }
}
