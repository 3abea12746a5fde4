package dev.serai.operate.explain;

import dev.serai.kafka.KeyPartitioner;
import dev.serai.operate.letters.ReadRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Looks for events on the start topic. For one thread. */
record StartTopicLook(Sight sight) {

    /** Finds an event by its id, or by its position, whenever that was. In which partitions it is; none if it is in none. */
    Set<Integer> findEvent(String id) throws InterruptedException {
        Findings findings = sight.findings();
        Named named = Named.of(id);
        String topic = sight.deployment().startTopic();
        List<Extent> everywhere = sight.everywhere(topic);
        Optional<Position> position = Position.parse(id).filter(at -> at.topic().equals(topic));
        List<Extent> asked = position.map(at -> everywhere.stream()
                        .filter(extent -> extent.partition().partition() == at.partition())
                        .map(extent -> alone(extent, at.offset()))
                        .toList())
                .filter(extents -> !extents.isEmpty())
                .orElse(everywhere);
        Predicate<ConsumerRecord<byte[], byte[]>> isIt = read ->
                position.map(at -> at.equals(Position.of(read))).orElseGet(() -> named.isOf(ReadRecord.original(read)));
        findings.looked.add(sight.committed().since("event " + id, asked, read -> {
            boolean found = isIt.test(read);
            if (found) {
                findings.key = Sight.keyOf(read);
                findings.arrived(sight.deployment().events().arrival(read));
            }
            return found;
        }));
        if (findings.arrivals.isEmpty()) {
            readUndecided(everywhere, isIt);
        }
        return Stream.concat(findings.arrivals.keySet().stream(), findings.undecided.keySet().stream())
                .map(Position::partition)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Extent alone(Extent extent, long offset) {
        long end = Math.min(extent.stable(), offset + 1);
        long begin = Math.clamp(offset, Math.min(extent.first(), end), end);
        return new Extent(extent.partition(), begin, begin, end, end);
    }

    /** In which partitions the conversation is: where Java's clients put its key, or else where any client would. */
    Set<Integer> findConversation(byte[] key) throws InterruptedException {
        sight.findings().key = key;
        String topic = sight.deployment().startTopic();
        int count = sight.brokers().partitions(topic);
        if (count == 0) {
            sight.everywhere(topic);
            return Set.of();
        }
        Set<Integer> partitions = new TreeSet<>(Set.of(KeyPartitioner.MURMUR2.partition(key, count)));
        List<Extent> extents = sight.brokers().extents(topic, partitions, sight.since());
        boolean[] found = {false};
        sight.committed().since("its conversation", extents, read -> {
            found[0] |= Arrays.equals(key, read.key());
            return found[0];
        });
        if (!found[0] && extents.stream().noneMatch(Extent::hasUndecided)) {
            Arrays.stream(KeyPartitioner.values()).forEach(each -> partitions.add(each.partition(key, count)));
        }
        return partitions;
    }

    /** Reads all events of the conversation; of one without a key there are no others. */
    void readConversation(List<Extent> extents) {
        Findings findings = sight.findings();
        findings.held.addAll(extents);
        byte[] key = findings.key;
        if (key == null || extents.isEmpty()) {
            return;
        }
        findings.looked.add(sight.committed().since("its conversation", extents, read -> {
            if (Arrays.equals(key, read.key())) {
                findings.arrived(sight.deployment().events().arrival(read));
            }
            return false;
        }));
        readUndecided(extents, read -> Arrays.equals(key, read.key()));
    }

    private void readUndecided(List<Extent> extents, Predicate<ConsumerRecord<byte[], byte[]>> isIt) {
        Findings findings = sight.findings();
        List<Extent> undecided = extents.stream().filter(Extent::hasUndecided).toList();
        if (undecided.isEmpty()) {
            return;
        }
        findings.held.addAll(undecided);
        sight.undecided().undecided("what is not committed", undecided, read -> {
            if (isIt.test(read)) {
                findings.key = Sight.keyOf(read);
                findings.arrivedUndecided(sight.deployment().events().arrival(read));
            }
            return false;
        });
    }
}
