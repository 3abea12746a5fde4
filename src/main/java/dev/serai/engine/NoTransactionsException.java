package dev.serai.engine;

/** Kafka does not answer this process's transactional id, without whose transactions no event can be answered exactly once. */
public final class NoTransactionsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoTransactionsException(String text) {
        super(text);
    }
}
