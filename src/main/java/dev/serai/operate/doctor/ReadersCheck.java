package dev.serai.operate.doctor;

import dev.serai.kafka.KafkaAnswers;
import dev.serai.loop.Counted;
import dev.serai.settings.SeraiSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who reads the reply topics, and whether somebody sees replies of transactions that may still be aborted. Kafka is not told
 * how a reader reads. But one that reads what is committed cannot come further than the last stable offset: a group that has
 * committed more has read more, which shows only while a transaction is open.
 */
record ReadersCheck(KafkaAccess kafka, List<OwnTopic> topics, SeraiSettings settings) implements Check {
    private static final Logger LOG = LoggerFactory.getLogger(ReadersCheck.class);

    /** Of more groups the others are not asked for, which is said. */
    private static final int MOST_GROUPS = 500;

    private static final int MOST_NAMED = 10;

    @Override
    public List<Found> look() throws InterruptedException {
        List<String> groups =
                KafkaAnswers.await(kafka.admin()
                                .listGroups(ListGroupsOptions.forConsumerGroups())
                                .all())
                        .stream()
                        .map(GroupListing::groupId)
                        .sorted()
                        .toList();
        List<String> asked = groups.subList(0, Math.min(groups.size(), MOST_GROUPS));
        Map<String, Map<TopicPartition, Long>> committed = committed(asked);
        List<Found> found = new ArrayList<>();
        for (OwnTopic topic : topics) {
            if (topic.use() == OwnTopic.Use.REPLIES) {
                found.add(of(topic.name(), committed));
            }
        }
        if (groups.size() > asked.size()) {
            found.add(Found.skipped("of " + groups.size() + " groups the first " + MOST_GROUPS + " were asked for"));
        }
        return found;
    }

    /** What each group has committed, before the ends of the topics are asked for. */
    private Map<String, Map<TopicPartition, Long>> committed(List<String> groups) throws InterruptedException {
        Map<String, Map<TopicPartition, Long>> committed = new TreeMap<>();
        if (groups.isEmpty()) {
            return committed;
        }
        Map<String, ListConsumerGroupOffsetsSpec> specs =
                groups.stream().collect(Collectors.toMap(group -> group, group -> new ListConsumerGroupOffsetsSpec()));
        ListConsumerGroupOffsetsResult asked = kafka.admin().listConsumerGroupOffsets(specs);
        for (String group : groups) {
            try {
                Map<TopicPartition, Long> offsets = new HashMap<>();
                for (Map.Entry<TopicPartition, OffsetAndMetadata> offset : KafkaAnswers.await(
                                asked.partitionsToOffsetAndMetadata(group))
                        .entrySet()) {
                    if (offset.getValue() != null) {
                        offsets.put(offset.getKey(), offset.getValue().offset());
                    }
                }
                committed.put(group, offsets);
            } catch (ApiException e) {
                // It has gone meanwhile, or is none of this client's business.
                LOG.debug("group {} was not looked at", group, e);
            }
        }
        return committed;
    }

    private Found of(String topic, Map<String, Map<TopicPartition, Long>> committed) throws InterruptedException {
        Map<String, Map<TopicPartition, Long>> readers = new TreeMap<>();
        Set<TopicPartition> partitions = new TreeSet<>(Comparator.comparing(TopicPartition::toString));
        committed.forEach((group, offsets) -> {
            Map<TopicPartition, Long> own = new HashMap<>(offsets);
            own.keySet().removeIf(partition -> !partition.topic().equals(topic));
            if (!own.isEmpty()) {
                readers.put(group, own);
                partitions.addAll(own.keySet());
            }
        });
        String unknown = "; Kafka is not told how a reader reads, and readers without a group it does not know:"
                + " each must have isolation.level=read_committed";
        if (readers.isEmpty()) {
            return Found.ok(topic + ": no group that this client sees has committed there" + unknown);
        }
        Map<TopicPartition, Long> stable;
        try {
            stable = stable(partitions);
        } catch (AuthorizationException e) {
            return Found.skipped(topic + " is read by " + named(readers.keySet())
                    + "; how far its replies are committed may not be asked (DESCRIBE)" + unknown);
        }
        List<String> uncommitted = readers.entrySet().stream()
                .filter(reader -> reader.getValue().entrySet().stream()
                        .anyMatch(offset -> offset.getValue() > stable.getOrDefault(offset.getKey(), Long.MAX_VALUE)))
                .map(Map.Entry::getKey)
                .toList();
        return uncommitted.isEmpty()
                ? Found.ok(topic + " is read by " + named(readers.keySet())
                        + ", none of which has committed more than is decided now, which shows only while a transaction is open"
                        + unknown)
                : Found.error(
                        topic + ": " + named(uncommitted)
                                + " has committed offsets behind an open transaction, and so reads what is not committed: it can"
                                + " hand out rooms that are taken back, and rooms twice",
                        "set isolation.level=read_committed in its consumers (the default is read_uncommitted)");
    }

    private static String named(Collection<String> groups) {
        return Counted.text(groups.size(), "group") + " ("
                + groups.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                + (groups.size() > MOST_NAMED ? ", …" : "") + ")";
    }

    /** @throws KafkaException if Kafka refuses or does not answer */
    private Map<TopicPartition, Long> stable(Set<TopicPartition> partitions) throws InterruptedException {
        ListOffsetsResult asked = kafka.admin()
                .listOffsets(
                        partitions.stream().collect(Collectors.toMap(one -> one, one -> OffsetSpec.latest())),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (TopicPartition partition : partitions) {
            ends.put(
                    partition,
                    KafkaAnswers.await(asked.partitionResult(partition)).offset());
        }
        return ends;
    }
}
