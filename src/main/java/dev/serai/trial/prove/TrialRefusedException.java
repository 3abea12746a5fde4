package dev.serai.trial.prove;

import org.jspecify.annotations.Nullable;

/** A run cannot be made: Kafka does not allow it, or it would touch what is not its own. The message is for the user. */
public final class TrialRefusedException extends RuntimeException {
    TrialRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
