package dev.serai.cli;

import dev.serai.kafka.KeyPartitioner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * What is to be said of the partitions that a conversation's events came through: there should be one, and the same for
 * every publisher. Kafka's clients in different languages choose different ones for the same key.
 */
final class PartitionAdvice {
    private static final String REMEDY = "Have all publishers choose partitions alike: src/docs/events.md says under"
            + " \"Keys, partitions and order\" how each client is told";

    private PartitionAdvice() {}

    /**
     * Empty if all is well: one partition, which is where Java's clients put the key.
     *
     * @param seen the partitions of the start topic whose events left something behind; at least one
     * @param partitions that the start topic has now; 0 if that is not known
     */
    static Optional<String> of(byte[] key, SortedSet<Integer> seen, String startTopic, int partitions) {
        List<String> sentences = new ArrayList<>();
        if (seen.size() > 1) {
            sentences.add(
                    "events of this conversation came through partitions " + joined(seen) + " of " + startTopic
                            + ": those of one partition know nothing of the others' sessions, and run beside them, in no order");
        } else if (partitions == 0 || javas(key, partitions) == seen.first()) {
            return Optional.empty();
        } else {
            sentences.add("events of this conversation come through partition " + seen.first() + " of " + startTopic
                    + ", and a Java client would send them to " + javas(key, partitions)
                    + ": if both kinds of publishers do, the conversation is in two parts");
        }
        if (partitions > 0) {
            seen.forEach(partition -> sentences.add(chosenBy(partition, key, partitions)));
            sentences.add("If " + startTopic + " was given more partitions since, that alone can be why");
        }
        sentences.add(REMEDY);
        return Optional.of(String.join(". ", sentences));
    }

    private static int javas(byte[] key, int partitions) {
        return KeyPartitioner.MURMUR2.partition(key, partitions);
    }

    private static String chosenBy(int partition, byte[] key, int partitions) {
        String those = KeyPartitioner.choosing(partition, key, partitions).stream()
                .map(KeyPartitioner::text)
                .collect(Collectors.joining("; or by "));
        return "Of " + partitions + " partitions " + partition + " is chosen by "
                + (those.isEmpty() ? "none of the usual partitioners" : those);
    }

    private static String joined(SortedSet<Integer> partitions) {
        return partitions.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
