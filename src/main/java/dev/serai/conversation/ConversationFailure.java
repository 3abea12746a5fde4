package dev.serai.conversation;

import dev.serai.wire.Failure;

/** Leaves the line for the reject route. Expected, so without a stack trace; its failure is free of secrets. */
public final class ConversationFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public ConversationFailure(Failure failure) {
        super(failure.category().wireName() + ": " + failure.detailText(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
