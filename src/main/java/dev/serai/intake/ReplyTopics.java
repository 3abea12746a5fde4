package dev.serai.intake;

import dev.serai.event.OriginalRecord;
import java.util.Optional;
import java.util.Set;

/**
 * Which topic a reply goes to. A request may name one in its {@code kafka_replyTopic} header, but only one that the
 * operator allowed: replies carry credentials, and whoever can publish start events must not choose who reads them.
 * Immutable.
 *
 * @param standard where replies go when the request names no topic; always allowed
 * @param allowed what requests may name besides
 */
public record ReplyTopics(String standard, Set<String> allowed) {
    /** Spring Kafka's request-reply header. */
    public static final String REQUEST_HEADER = "kafka_replyTopic";

    public ReplyTopics {
        allowed = Set.copyOf(allowed);
    }

    /** The topic that the request names, allowed or not. */
    public Optional<String> requested(OriginalRecord request) {
        return request.headerText(REQUEST_HEADER);
    }

    /** The topic to reply to: the requested one if it is allowed, else the standard one. */
    public String topicFor(OriginalRecord request) {
        return requested(request).filter(this::isAllowed).orElse(standard);
    }

    /** Whether requests may name that topic. */
    public boolean isAllowed(String topic) {
        return topic.equals(standard) || allowed.contains(topic);
    }
}
