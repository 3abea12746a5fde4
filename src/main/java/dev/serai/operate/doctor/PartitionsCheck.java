package dev.serai.operate.doctor;

import dev.serai.kafka.KafkaAnswers;
import dev.serai.loop.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Whether each partition of the service's topics can be written to: it has a leader, and replicas enough in sync. */
record PartitionsCheck(KafkaAccess kafka, List<OwnTopic> topics) implements Check {
    @Override
    public List<Found> look() throws InterruptedException {
        Map<String, KafkaFuture<TopicDescription>> asked = kafka.admin()
                .describeTopics(topics.stream().map(OwnTopic::name).toList())
                .topicNameValues();
        TopicConfigs configs = TopicConfigs.ask(kafka, topics);
        int brokers =
                KafkaAnswers.await(kafka.admin().describeCluster().nodes()).size();
        List<Found> found = new ArrayList<>();
        for (OwnTopic topic : topics) {
            KafkaFuture<TopicDescription> future = asked.get(topic.name());
            if (future == null) {
                continue;
            }
            try {
                TopicDescription description = KafkaAnswers.await(future);
                found.addAll(of(description, minInSync(configs.of(topic.name())), brokers));
            } catch (UnknownTopicOrPartitionException | InvalidTopicException e) {
                if (!topic.comesWithTheFirstJob()) {
                    found.add(Found.skipped(topic.name() + " is not there: see topics"));
                }
            } catch (AuthorizationException e) {
                found.add(Found.skipped(topic.name() + " may not be seen: see rights"));
            }
        }
        return found;
    }

    private static OptionalLong minInSync(TopicConfigs.Answer config) {
        return config instanceof TopicConfigs.Known known
                ? known.number(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG)
                : OptionalLong.empty();
    }

    List<Found> of(TopicDescription topic, OptionalLong minInSync, int brokers) {
        List<TopicPartitionInfo> all = topic.partitions();
        List<Found> found = new ArrayList<>();
        List<Integer> headless = numbers(
                all,
                partition -> partition.leader() == null || partition.leader().isEmpty());
        if (!headless.isEmpty()) {
            found.add(Found.error(
                    topic.name() + ": no leader for partitions " + headless + " of " + all.size()
                            + ", which can neither be read nor written",
                    "start the brokers that hold them again: " + kafka.command("kafka-topics.sh")
                            + "--describe --topic " + topic.name() + " names them (Replicas)"));
        }
        long least = minInSync.orElse(1);
        List<Integer> tooFew = numbers(
                all,
                partition -> !headless.contains(partition.partition())
                        && partition.isr().size() < least);
        if (!tooFew.isEmpty()) {
            found.add(Found.error(
                    topic.name() + ": fewer replicas in sync than min.insync.replicas=" + least + " on partitions "
                            + tooFew + " of " + all.size() + ", where nothing can be written",
                    "start the brokers that are missing, or lower min.insync.replicas of the topic"));
        }
        List<Integer> behind = numbers(
                all,
                partition -> partition.isr().size() >= least
                        && partition.isr().size() < partition.replicas().size());
        if (!behind.isEmpty()) {
            found.add(Found.warning(
                    topic.name() + ": replicas are not in sync on partitions " + behind + " of " + all.size(),
                    "look at the brokers that are missing or behind: " + kafka.command("kafka-topics.sh")
                            + "--describe --under-replicated-partitions"));
        }
        int copies = all.stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        if (copies == 1 && brokers > 1) {
            found.add(Found.warning(
                    topic.name()
                            + " has one replica of each partition: one broker that fails stops it, and can lose it",
                    "give it more: kafka-reassign-partitions.sh, or create it with --replication-factor 3"));
        }
        if (found.isEmpty()) {
            found.add(Found.ok(topic.name() + ": " + Counted.text(all.size(), "partition") + ", each with a leader and "
                    + Counted.text(copies, "replica") + " in sync"
                    + (minInSync.isPresent() ? ", of which min.insync.replicas=" + least + " must be" : "")));
        }
        return found;
    }

    private static List<Integer> numbers(List<TopicPartitionInfo> partitions, Predicate<TopicPartitionInfo> which) {
        return partitions.stream()
                .filter(which)
                .map(TopicPartitionInfo::partition)
                .toList();
    }
}
