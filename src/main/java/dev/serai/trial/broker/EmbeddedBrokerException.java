package dev.serai.trial.broker;

import org.jspecify.annotations.Nullable;

/** The embedded broker cannot start; the message says what is in the way and what to do about it. */
public final class EmbeddedBrokerException extends RuntimeException {
    EmbeddedBrokerException(String message) {
        super(message);
    }

    EmbeddedBrokerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
