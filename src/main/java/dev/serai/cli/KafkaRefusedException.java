package dev.serai.cli;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;

/** Kafka has answered and will not do it, or must not be taken for having answered. The message is for the user. */
final class KafkaRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private KafkaRefusedException(String message, Exception cause) {
        super(message, cause);
    }

    /** For a command that says something else by exit code 1 than that Kafka does not answer. */
    static KafkaRefusedException unanswered(IOException failure) {
        return failure instanceof KafkaRefusedException refused
                ? refused
                : new KafkaRefusedException(String.valueOf(failure.getMessage()), failure);
    }

    /**
     * What a failure of Kafka's clients is to the user: refused, or only not done.
     *
     * @param failed what has not been done, for the beginning of the message
     */
    static IOException because(String failed, Exception failure) {
        Throwable cause = failure instanceof ExecutionException ? failure.getCause() : failure;
        String message = failed + ": " + RunningKafka.reason(failure);
        return cause instanceof ApiException && !(cause instanceof RetriableException)
                ? new KafkaRefusedException(message, failure)
                : new IOException(message, failure);
    }
}
