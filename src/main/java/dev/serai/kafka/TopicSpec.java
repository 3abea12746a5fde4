package dev.serai.kafka;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A topic as it is to be created.
 *
 * @param partitions at least 1
 * @param configuration what differs from the broker's defaults, by Kafka's own names; the replication factor is always
 *     the broker's default
 */
public record TopicSpec(String name, int partitions, Map<String, String> configuration) {
    public TopicSpec {
        if (partitions < 1) {
            throw new IllegalArgumentException("topic " + name + " must have at least 1 partition, was " + partitions);
        }
        configuration = Map.copyOf(configuration);
    }

    /** The same topic with one setting more. */
    TopicSpec with(String key, String value) {
        var more = new TreeMap<>(configuration);
        more.put(key, value);
        return new TopicSpec(name, partitions, more);
    }

    /** The same topic with as many partitions. */
    TopicSpec with(int count) {
        return new TopicSpec(name, count, configuration);
    }

    /** The command that creates the topic, for an administrator. */
    String createCommand(String bootstrapServers) {
        return "kafka-topics.sh --bootstrap-server " + bootstrapServers + " --create --topic " + name + " --partitions "
                + partitions + settingsEachAfter(" --config ");
    }

    /** The topic and its settings, for a reader. */
    @Override
    public String toString() {
        return name + " (" + partitions + (partitions == 1 ? " partition" : " partitions") + settingsEachAfter(", ")
                + ")";
    }

    private String settingsEachAfter(String separator) {
        return new TreeMap<>(configuration)
                .entrySet().stream()
                        .map(setting -> separator + setting.getKey() + "=" + setting.getValue())
                        .collect(Collectors.joining());
    }
}
