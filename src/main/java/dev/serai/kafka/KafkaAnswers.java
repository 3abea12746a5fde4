package dev.serai.kafka;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** Waits for what an admin client was asked, which bounds itself how long that may take. Stateless. */
public final class KafkaAnswers {
    private KafkaAnswers() {}

    /**
     * The answer.
     *
     * @throws KafkaException what Kafka answers in place of it
     */
    public static <T> T await(KafkaFuture<T> asked) throws InterruptedException {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            throw refusal(e);
        }
    }

    /** Why something failed, for people: Kafka's own wrappers say less than what they wrap. */
    public static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getClass() == KafkaException.class && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** What Kafka answered. */
    public static KafkaException refusal(ExecutionException failure) {
        return failure.getCause() instanceof KafkaException cause ? cause : new KafkaException(failure.getCause());
    }
}
