package dev.serai.engine.ledger;

/** A ledger that was made from a committed offset, and whether the commit's metadata could be used. */
public sealed interface Restored {

    PartitionLedger ledger();

    /** Everything that the commit said is in the ledger. */
    record Whole(PartitionLedger ledger) implements Restored {}

    /**
     * The metadata was not understood, so nothing above the committed offset counts as complete: events that had been
     * completed there run again.
     *
     * @param reason why, for a log line; it does not quote the metadata, which can be anybody's
     */
    record MetadataUnused(PartitionLedger ledger, String reason) implements Restored {}
}
