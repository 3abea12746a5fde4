package dev.serai.session;

import dev.serai.kafka.TopicReadException;
import org.jspecify.annotations.Nullable;

/** The session topic could not be read to its end; the message says where it stopped and what to do. */
public final class SessionRestoreException extends RuntimeException {
    SessionRestoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static SessionRestoreException noTopic(String name) {
        return new SessionRestoreException(
                "there is no session topic " + name + ": the service creates it when it starts", null);
    }

    static SessionRestoreException notRead(TopicReadException cause) {
        return new SessionRestoreException("sessions cannot be read: " + cause.getMessage(), cause);
    }
}
