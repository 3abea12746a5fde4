package dev.serai.engine;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * An event that waits for its transaction.
 *
 * @param notAfter from then on it is not to be published any more
 * @param done completed when it is committed, or with the reason why it never will be
 */
record FinishedEvent(Delivery delivery, Instant notAfter, CompletableFuture<Void> done) {
    FinishedEvent(Delivery delivery, Instant notAfter) {
        this(delivery, notAfter, new CompletableFuture<>());
    }

    void committed() {
        done.complete(null);
    }

    void failed(Throwable reason) {
        done.completeExceptionally(reason);
    }

    void dropped() {
        failed(delivery.revokedException(false));
    }

    /** It was in a transaction whose end this process does not see. */
    void leftInTransaction() {
        failed(delivery.revokedException(true));
    }
}
