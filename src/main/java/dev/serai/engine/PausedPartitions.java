package dev.serai.engine;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Pauses the partitions of a consumer that must not be read now: those that are not ready, and those that there is no room for.
 * Others pause partitions, too (Camel does): only what was paused here is resumed here. For the consumer's thread.
 */
final class PausedPartitions {
    private final Consumer<?, ?> consumer;
    private final Set<TopicPartition> pausedHere = new HashSet<>();
    private final Set<TopicPartition> notReady = new HashSet<>();

    PausedPartitions(Consumer<?, ?> consumer) {
        this.consumer = consumer;
    }

    /** Pauses them until they are {@link #ready}. */
    void hold(Collection<TopicPartition> partitions) {
        notReady.addAll(partitions);
        consumer.pause(partitions);
        pausedHere.addAll(partitions);
    }

    /** It may be read, as soon as there is room for it. */
    void ready(TopicPartition partition) {
        notReady.remove(partition);
    }

    /** They are no longer the consumer's. */
    void forget(Collection<TopicPartition> partitions) {
        notReady.removeAll(partitions);
    }

    /**
     * Has the next poll read what is ready and not full, and nothing else.
     *
     * @param full those that there is no room for
     */
    void update(Set<TopicPartition> full) {
        Set<TopicPartition> mine = consumer.assignment();
        Set<TopicPartition> wanted = new HashSet<>(full);
        wanted.addAll(notReady);
        pausedHere.retainAll(mine);
        Set<TopicPartition> resumed = new HashSet<>(pausedHere);
        resumed.removeAll(wanted);
        if (!resumed.isEmpty()) {
            consumer.resume(resumed);
            pausedHere.removeAll(resumed);
        }
        Set<TopicPartition> paused = new HashSet<>(wanted);
        paused.retainAll(mine);
        paused.removeAll(consumer.paused());
        if (!paused.isEmpty()) {
            consumer.pause(paused);
            pausedHere.addAll(paused);
        }
    }

    /** Those of the partitions that are not paused here. */
    Set<TopicPartition> readable(Set<TopicPartition> partitions) {
        Set<TopicPartition> readable = new HashSet<>(partitions);
        readable.removeAll(pausedHere);
        return readable;
    }
}
