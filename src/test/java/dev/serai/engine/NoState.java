package dev.serai.engine;

import java.util.Set;
import java.util.function.IntConsumer;

/** Nothing is remembered of partitions: they are ready at once. */
final class NoState implements PartitionState {
    /** What a test without routes says of the topic that it reads. */
    static ReadTopic reads(String topic, String group) {
        return new ReadTopic("start events", topic, group, "startEvents", "conversation.camel.yaml");
    }

    @Override
    public void restore(Set<Integer> partitions, IntConsumer ready) {
        partitions.forEach(ready::accept);
    }

    @Override
    public void drop(Set<Integer> partitions) {}
}
