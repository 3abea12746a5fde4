package dev.serai.batch.run;

import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What keeps something from going on: said in the log once, when it begins, and again only if it becomes another. Thread-safe.
 */
final class Trouble {
    private final Logger log;
    private final String what;
    private @Nullable String kind;
    private @Nullable String text;

    /** @param what it is that does not go on, for people */
    Trouble(Logger log, String what) {
        this.log = log;
        this.what = what;
    }

    synchronized void met(Throwable failure) {
        text = what + ": " + reason(failure);
        if (!failure.getClass().getName().equals(kind)) {
            kind = failure.getClass().getName();
            log.warn("{}; it is tried again and again", text);
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        // Kafka's own wrappers say less than what they wrap.
        while (cause.getClass() == KafkaException.class && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    synchronized void over() {
        if (kind != null) {
            log.info("{}: goes on", what);
            kind = null;
            text = null;
        }
    }

    /** What is wrong now. */
    synchronized Optional<String> text() {
        return Optional.ofNullable(text);
    }
}
