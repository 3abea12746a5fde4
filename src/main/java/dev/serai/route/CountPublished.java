package dev.serai.route;

import dev.serai.event.Failure;
import dev.serai.observe.ConversationMetrics;
import java.util.Objects;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what Kafka has acknowledged. Thread-safe. */
public final class CountPublished {
    private static final Logger LOG = LoggerFactory.getLogger(CountPublished.class);

    private CountPublished() {}

    /** After a reply. */
    public static Processor reply(ConversationMetrics metrics) {
        return exchange -> {
            Failure failure = Conversation.of(exchange).failure();
            if (failure == null) {
                LOG.debug("Answered with a room");
                metrics.startedReplyPublished();
            } else {
                LOG.debug("Answered with a failure");
                metrics.failedReplyPublished(failure.category());
            }
        };
    }

    /** After a dead letter. */
    public static Processor deadLetter(ConversationMetrics metrics) {
        return exchange -> {
            Failure failure =
                    Objects.requireNonNull(Conversation.of(exchange).failure(), "a dead letter has a failure");
            metrics.deadLetterPublished(failure.category());
        };
    }
}
