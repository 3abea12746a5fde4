package dev.serai.topic;

import org.jspecify.annotations.Nullable;

/** Kafka or its topics are not ready for Serai; the message says what is missing and how to provide it. */
public final class TopicSetupException extends RuntimeException {
    TopicSetupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
