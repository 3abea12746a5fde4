package dev.serai.operate.explain;

import org.apache.kafka.common.TopicPartition;

/**
 * What there is of a partition, by offsets.
 *
 * @param first that is there
 * @param since the first that is looked at
 * @param stable the end of what is decided: a transaction is open there if it is not the end
 * @param end behind the last
 */
record Extent(TopicPartition partition, long first, long since, long stable, long end) {
    boolean hasUndecided() {
        return stable < end;
    }
}
