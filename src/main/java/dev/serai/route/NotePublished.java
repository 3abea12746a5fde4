package dev.serai.route;

import dev.serai.event.Failure;
import dev.serai.observe.ConversationMetrics;
import java.util.Objects;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes what Kafka has acknowledged: for the metrics, and so that the event counts as answered. Thread-safe. */
public final class NotePublished {
    private static final Logger LOG = LoggerFactory.getLogger(NotePublished.class);

    private NotePublished() {}

    /** After a reply. */
    public static Processor reply(ConversationMetrics metrics) {
        return exchange -> {
            Conversation conversation = Conversation.of(exchange);
            Failure failure = conversation.failure();
            conversation.answered();
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
            Conversation conversation = Conversation.of(exchange);
            Failure failure = Objects.requireNonNull(conversation.failure(), "a dead letter has a failure");
            conversation.answered();
            LOG.debug("Left a dead letter");
            metrics.deadLetterPublished(failure.category());
        };
    }
}
