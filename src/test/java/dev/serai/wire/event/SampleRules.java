package dev.serai.wire.event;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The product's defaults of what decides about headers and deadlines. */
public final class SampleRules {
    private SampleRules() {}

    public static Deadlines deadlines() {
        return new Deadlines(
                Duration.ofMinutes(2),
                Duration.ofSeconds(5),
                Duration.ZERO,
                new CorrelationHeaders(List.of("kafka_correlationId")));
    }

    public static ReplyTopics replyTopics(String standard, String... allowed) {
        return new ReplyTopics(
                standard,
                Set.of(allowed),
                List.of("kafka_replyTopic", "REPLY_TOPIC"),
                List.of("kafka_replyPartition", "REPLY_PARTITION"));
    }
}
