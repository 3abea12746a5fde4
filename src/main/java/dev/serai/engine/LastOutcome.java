package dev.serai.engine;

import org.apache.kafka.clients.admin.TransactionState;

/** What a coordinator says of the last transaction of a transactional id, whoever's it was. */
enum LastOutcome {
    COMMITTED,
    ABORTED,
    /** It is under way, another producer has taken the id since, or Kafka does not say. */
    UNKNOWN;

    static LastOutcome of(TransactionState state) {
        return switch (state) {
            case PREPARE_COMMIT, COMPLETE_COMMIT -> COMMITTED;
            case PREPARE_ABORT, COMPLETE_ABORT, PREPARE_EPOCH_FENCE -> ABORTED;
            case ONGOING, EMPTY, UNKNOWN -> UNKNOWN;
        };
    }
}
