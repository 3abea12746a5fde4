package dev.serai.engine.ledger;

/** What came of {@link PartitionLedger#read}. Only {@link #NEW} changes what is in flight. */
public enum ReadOutcome {
    /** Taken: run the event, then complete its offset. */
    NEW,

    /** The event is still running, and its record was read once more: leave it alone. */
    ALREADY_IN_FLIGHT,

    /** The event was completed, by this owner of the partition or by an earlier one: skip the record. */
    ALREADY_COMPLETE,

    /**
     * Not taken, because this offset, or one refused before it, is too far above the lowest in flight: pause the
     * partition, seek back to the first offset that was refused, and resume once {@link PartitionLedger#isFull} no
     * longer holds. Until the consumer has gone back, whatever else it reads finds no room either.
     */
    WINDOW_FULL,

    /**
     * Not taken: the offset was used before, for another record. The log was cut at this offset or below, and has grown
     * again: {@link PartitionLedger#cutTo} this offset, and read it again.
     */
    LOG_CUT,

    /**
     * Not taken: records of a lower leader epoch lie where those of a higher one did. It is another log, of a topic that
     * was deleted and created again: begin with an empty ledger at the log's beginning.
     */
    LOG_REPLACED
}
