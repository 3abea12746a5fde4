package dev.serai.engine.ledger;

/**
 * What to commit for one partition.
 *
 * @param offset the lowest offset that is not complete, exclusive in Kafka's sense: everything below it is done, and a
 *     restarted consumer reads on from it
 * @param epoch the leader epoch at that offset, or of what was read last below it: by it whoever reads on from there finds
 *     out whether the log was cut since (KIP-320); {@link LeaderEpochs#UNKNOWN} if none is known
 * @param metadata which offsets above it are complete, for {@link PartitionLedger#restore}; empty if none is, and at
 *     most 4,096 bytes, all of them ASCII
 */
public record CommitPoint(long offset, int epoch, String metadata) {}
