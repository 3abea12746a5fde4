package dev.serai.ledger;

/**
 * What to commit for one partition.
 *
 * @param offset the lowest offset that is not complete, exclusive in Kafka's sense: everything below it is done, and a
 *     restarted consumer reads on from it
 * @param metadata which offsets above it are complete, for {@link PartitionLedger#restore}; empty if none is, and at
 *     most 4,096 bytes, all of them ASCII
 */
public record CommitPoint(long offset, String metadata) {}
