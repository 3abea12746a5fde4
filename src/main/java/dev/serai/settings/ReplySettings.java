package dev.serai.settings;

import dev.serai.settings.Key.Text;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a start event's headers may ask of the reply. */
public record ReplySettings(
        @Key(is = Kind.TOPIC, or = "none")
        @Text("Topics that a request may name in one of `serai.reply.topic-headers`, besides the reply topic itself.")
        Set<String> allowedTopics,

        @Key(is = Kind.WORD, or = "kafka_replyTopic,REPLY_TOPIC")
        @Text("Headers in which a request names the topic of its reply: Spring's, and SmallRye's. Of several that are"
                + " there, the first of this list counts. For clients that were given other names.")
        List<String> topicHeaders,

        @Key(is = Kind.WORD, or = "kafka_replyPartition,REPLY_PARTITION")
        @Text("Headers in which a request names the partition of that topic, in four bytes; likewise.")
        List<String> partitionHeaders,

        @Key(
                is = Kind.WORD,
                or = "kafka_correlationId,REPLY_CORRELATION_ID,correlation_id,correlation-id,correlationId,"
                        + "traceparent,tracestate")
        @Text("Headers of an event that its reply echoes, as opaque bytes. By one other than those of tracing a"
                + " client waits.")
        List<String> correlationHeaders,

        @Key(or = "5s", in = "100ms to 7d")
        @Text("From a record's timestamp to its deadline where a client waits by a correlation header, other than"
                + " those of tracing, unless the event says `expires_at` or `ttl_ms`. The default is that of"
                + " Spring's and SmallRye's clients, which give up then; set it to the time-out of yours.")
        Duration defaultTtl,

        @Key(is = Kind.URI_REFERENCE)
        @Text("The `source` of replies to CloudEvents. Not set: `urn:serai:` and the consumer group.")
        @Nullable
        String cloudeventsSource,

        @Key(or = "include")
        @Text("Whether replies have the provider's `session_id`, those of the characters of a room too. It opens"
                + " further sessions on the account and ends this one; to join a room, LiveKit clients do not need"
                + " it. `omit` where clients do not end their sessions themselves.")
        SessionId sessionId,

        @Key(or = "true")
        @Text(
                "Whether an event that was answered with a room, and is sent again, is answered again: with the same room as"
                        + " long as it is known to be open, else with `session_invalid`. `false`: it is passed over; it is told"
                        + " `session_invalid` if it has a correlation header other than those of tracing.")
        boolean repeat) {
    public ReplySettings {
        allowedTopics = Set.copyOf(allowedTopics);
        topicHeaders = List.copyOf(topicHeaders);
        partitionHeaders = List.copyOf(partitionHeaders);
        correlationHeaders = List.copyOf(correlationHeaders);
    }

    /** Whether replies have {@code session_id}, a credential while its session lives. */
    public enum SessionId {
        /** As the provider's answer has it. */
        INCLUDE,
        /** Nowhere in the reply. */
        OMIT
    }
}
