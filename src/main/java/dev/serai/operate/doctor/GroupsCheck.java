package dev.serai.operate.doctor;

import dev.serai.kafka.KafkaAnswers;
import dev.serai.loop.Counted;
import dev.serai.settings.SeraiSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The service's consumer groups: who is in them, and whether a partition can be taken over, which it cannot as long as its
 * committed offset stands in a transaction that is not decided.
 */
record GroupsCheck(KafkaAccess kafka, SeraiSettings settings) implements Check {
    @Override
    public List<Found> look() throws InterruptedException {
        List<Found> found = new ArrayList<>();
        for (Map.Entry<String, String> group : Groups.topics(settings).entrySet()) {
            try {
                found.addAll(of(group.getKey(), group.getValue()));
            } catch (AuthorizationException e) {
                found.add(Found.skipped("group " + group.getKey() + " or its topic may not be seen: see rights"));
            } catch (UnknownTopicOrPartitionException e) {
                if (!group.getValue().equals(settings.kafka().jobTopic())) {
                    found.add(Found.skipped(
                            "group " + group.getKey() + ": topic " + group.getValue() + " is not there: see topics"));
                }
            }
        }
        return found;
    }

    private List<Found> of(String group, String topic) throws InterruptedException {
        Set<TopicPartition> partitions = partitions(topic);
        Optional<ConsumerGroupDescription> description = describe(group);
        if (description.isEmpty() || description.get().groupState() == GroupState.DEAD) {
            return List.of(Found.ok("group " + group + " is not there yet: nobody has read " + topic + " in it"));
        }
        List<Found> found = new ArrayList<>();
        List<Integer> held = held(group, partitions);
        if (!held.isEmpty()) {
            found.add(Found.error(
                    "group " + group + ": the committed offsets of partitions " + held + " of " + topic
                            + " stand in a transaction that is not decided: whoever is given these partitions cannot take"
                            + " them over",
                    "start the replica that was killed again, with its serai.instance-id; hanging names the transaction if it"
                            + " stays open"));
        }
        Set<Integer> left = unowned(description.get(), topic, partitions);
        if (!left.isEmpty()) {
            found.add(Found.warning(
                    "group " + group + " is " + description.get().groupState() + " with " + members(description.get())
                            + ", and nobody has partitions " + left + " of " + topic,
                    "look again in a minute: they are given out when the group is Stable; members that read another topic in"
                            + " this group keep them from it"));
        }
        if (found.isEmpty()) {
            found.add(Found.ok("group " + group + " is " + description.get().groupState() + " with "
                    + members(description.get()) + "; no offset of " + topic + " is held by a transaction"));
        }
        return found;
    }

    private static String members(ConsumerGroupDescription description) {
        return Counted.text(description.members().size(), "member");
    }

    private Set<TopicPartition> partitions(String topic) throws InterruptedException {
        int count = KafkaAnswers.await(
                        kafka.admin().describeTopics(List.of(topic)).allTopicNames())
                .values()
                .iterator()
                .next()
                .partitions()
                .size();
        return IntStream.range(0, count)
                .mapToObj(number -> new TopicPartition(topic, number))
                .collect(Collectors.toSet());
    }

    private Optional<ConsumerGroupDescription> describe(String group) throws InterruptedException {
        try {
            return Optional.of(KafkaAnswers.await(
                            kafka.admin().describeConsumerGroups(List.of(group)).all())
                    .values()
                    .iterator()
                    .next());
        } catch (GroupIdNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Those that Kafka leaves out of what is certain (KIP-447). */
    private List<Integer> held(String group, Set<TopicPartition> partitions) throws InterruptedException {
        Admin admin = kafka.admin();
        Set<TopicPartition> certain = KafkaAnswers.await(admin.listConsumerGroupOffsets(
                                Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)),
                                new ListConsumerGroupOffsetsOptions().requireStable(true))
                        .partitionsToOffsetAndMetadata(group))
                .keySet();
        return partitions.stream()
                .filter(partition -> !certain.contains(partition))
                .map(TopicPartition::partition)
                .sorted()
                .toList();
    }

    private static Set<Integer> unowned(
            ConsumerGroupDescription description, String topic, Set<TopicPartition> partitions) {
        Set<Integer> left = new TreeSet<>();
        if (!description.members().isEmpty()) {
            partitions.forEach(partition -> left.add(partition.partition()));
            description.members().forEach(member -> member.assignment().topicPartitions().stream()
                    .filter(partition -> partition.topic().equals(topic))
                    .forEach(partition -> left.remove(partition.partition())));
        }
        return left;
    }
}
