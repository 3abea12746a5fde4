package dev.serai.cli;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;

/** Kafka has answered and will not do it: the same again comes to the same. The message is for the user. */
final class KafkaRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private KafkaRefusedException(String message, Exception cause) {
        super(message, cause);
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
