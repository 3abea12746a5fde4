package dev.serai.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Of which partitions nothing was read for a while. For the consumer's thread.
 */
final class QuietPartitions {
    private final Duration quiet;

    /** By {@link System#nanoTime}: when something was read, or the partition was found quiet. */
    private final Map<TopicPartition, Long> since = new HashMap<>();

    /** @param quiet after so long a partition is quiet, and after as long again once more */
    QuietPartitions(Duration quiet) {
        this.quiet = quiet;
    }

    /**
     * Those that are quiet.
     *
     * @param readable all that are read now; a partition that was not among them begins anew
     * @param read of which something has come
     */
    Set<TopicPartition> among(Set<TopicPartition> readable, Set<TopicPartition> read) {
        long now = System.nanoTime();
        since.keySet().retainAll(readable);
        Set<TopicPartition> found = new HashSet<>();
        for (TopicPartition partition : readable) {
            long begun = since.computeIfAbsent(partition, anew -> now);
            boolean isQuiet = now - begun >= quiet.toNanos();
            if (isQuiet || read.contains(partition)) {
                since.put(partition, now);
            }
            if (isQuiet && !read.contains(partition)) {
                found.add(partition);
            }
        }
        return found;
    }
}
