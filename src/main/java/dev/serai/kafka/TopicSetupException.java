package dev.serai.kafka;

import org.jspecify.annotations.Nullable;

/** Kafka or its topics are not ready for Serai; the message says what is missing and how to provide it. */
public final class TopicSetupException extends RuntimeException {
    private final boolean ofTopics;

    TopicSetupException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    private TopicSetupException(String message, @Nullable Throwable cause, boolean ofTopics) {
        super(message, cause);
        this.ofTopics = ofTopics;
    }

    /** Of topics that are missing, or not as they must be, on a Kafka that answers. */
    static TopicSetupException ofTopics(String message, @Nullable Throwable cause) {
        return new TopicSetupException(message, cause, true);
    }

    /** Whether Kafka answers this client, and topics are what is wrong. */
    public boolean isOfTopics() {
        return ofTopics;
    }
}
