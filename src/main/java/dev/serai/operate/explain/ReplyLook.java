package dev.serai.operate.explain;

import dev.serai.kafka.KeyPartitioner;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Looks for replies, on all topics that they may be on. For one thread. */
record ReplyLook(Sight sight) {
    /** Finds the newest reply that the predicate takes. */
    void findAnswers(Predicate<FoundReply> isIt, String what) throws InterruptedException {
        for (String topic : new TreeSet<>(sight.deployment().replyTopics())) {
            sight.where(topic, () -> findAnswers(topic, isIt, what));
        }
    }

    private void findAnswers(String topic, Predicate<FoundReply> isIt, String what) throws InterruptedException {
        if (topic.equals(sight.deployment().replyTopic()) || sight.brokers().partitions(topic) > 0) {
            sight.findings().looked.add(sight.committed().since(what, sight.everywhere(topic), read -> {
                FoundReply answer = FoundReply.of(read);
                boolean found = isIt.test(answer);
                if (found) {
                    sight.findings().key = Sight.keyOf(read);
                    sight.findings().answered(answer);
                }
                return found;
            }));
        }
    }

    /** All replies of the conversation, or to the event, wherever they were asked for. */
    void readAnswers() throws InterruptedException {
        Map<String, List<Arrival>> byTopic =
                sight.findings().arrivals.values().stream().collect(Collectors.groupingBy(Arrival::replyTopic));
        if (byTopic.isEmpty() && sight.findings().key != null) {
            byTopic = Map.of(sight.deployment().replyTopic(), List.of());
        }
        for (Map.Entry<String, List<Arrival>> each : new TreeMap<>(byTopic).entrySet()) {
            sight.where(each.getKey(), () -> readAnswers(each.getKey(), each.getValue()));
        }
    }

    private void readAnswers(String topic, List<Arrival> arrivals) throws InterruptedException {
        int count = sight.brokers().partitions(topic);
        if (count == 0) {
            sight.findings().note("there is no topic " + topic + ", where replies are to be");
            return;
        }
        Set<String> ids = arrivals.stream().map(Arrival::eventId).collect(Collectors.toSet());
        byte[] key = sight.findings().key;
        List<Extent> extents =
                sight.brokers().extents(topic, replyPartitions(arrivals, key, count), sight.earliest(arrivals));
        sight.findings().held.addAll(extents);
        sight.findings().looked.add(sight.committed().since("replies", extents, read -> {
            if (key != null
                    ? Arrays.equals(key, read.key())
                    : ids.contains(FoundReply.of(read).eventId())) {
                sight.findings().answered(FoundReply.of(read));
            }
            return false;
        }));
    }

    private static Collection<Integer> replyPartitions(List<Arrival> arrivals, byte @Nullable [] key, int count) {
        Set<Integer> partitions = arrivals.stream()
                .map(Arrival::replyPartition)
                .filter(number -> number != null && number < count)
                .collect(Collectors.toCollection(TreeSet::new));
        boolean allNamed = !arrivals.isEmpty() && arrivals.stream().allMatch(each -> each.replyPartition() != null);
        if (key == null && !allNamed) {
            return IntStream.range(0, count).boxed().toList();
        }
        if (key != null) {
            partitions.add(KeyPartitioner.MURMUR2.partition(key, count));
        }
        return partitions;
    }
}
