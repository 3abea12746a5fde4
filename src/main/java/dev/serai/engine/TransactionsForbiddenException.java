package dev.serai.engine;

/** The Kafka cluster does not let this process use transactions, without which no event can be answered exactly once. */
public final class TransactionsForbiddenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TransactionsForbiddenException(String transactionalId, Throwable cause) {
        super(
                "Kafka does not allow transactions with the transactional id " + transactionalId + " ("
                        + cause.getMessage() + "): allow this client to WRITE and DESCRIBE that TransactionalId"
                        + " (kafka-acls.sh --transactional-id), or all that begin with the group's name",
                cause);
    }
}
