package dev.serai.engine;

import java.util.Set;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;

/** Says what Kafka refuses, and which right or credential mends it. */
final class Refusal {
    private Refusal() {}

    static String text(Throwable reason) {
        return switch (reason) {
            case TopicAuthorizationException topic ->
                "Kafka does not let this client use " + names(topic.unauthorizedTopics())
                        + ": it needs READ on the start topic, READ and WRITE on the session topic, WRITE on those of replies"
                        + " and dead letters (kafka-acls.sh --topic)";
            case GroupAuthorizationException group ->
                "Kafka does not let this client use the consumer group " + group.groupId()
                        + ": allow it to READ the group (kafka-acls.sh --group)";
            case TransactionalIdAuthorizationException id ->
                "Kafka does not let this client use its transactional id: allow it to WRITE and DESCRIBE the"
                        + " TransactionalId (kafka-acls.sh --transactional-id)";
            case AuthenticationException refused ->
                "Kafka refuses this client's credentials: " + refused.getMessage()
                        + "; see serai.kafka.client-properties-file";
            default -> reason.getMessage() == null ? reason.toString() : reason.getMessage();
        };
    }

    private static String names(Set<String> topics) {
        return topics.isEmpty() ? "a topic" : "topic " + String.join(", ", topics);
    }
}
