package dev.serai.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topics of the flow, by name. The session topic has as many partitions as the start topic: a session record goes
 * to the partition that its event came from.
 *
 * @param replies the reply topic, and those that requests may name in its place
 * @param raw those of intakes, of raw events that become start and end events
 * @param partitions of each topic, at least 1; only for those that are created
 * @param replyRetention how long a reply, with its room credentials, stays readable; at least 1 ms
 * @param sessionRetention how long a conversation is remembered after its last event; at least 1 ms
 */
public record ConversationTopics(
        String start,
        List<String> replies,
        String deadLetters,
        String sessions,
        List<String> raw,
        int partitions,
        Duration replyRetention,
        Duration sessionRetention) {

    /** Longer than a client needs to join, short enough that credentials do not lie about. */
    public static final Duration DEFAULT_REPLY_RETENTION = Duration.ofHours(1);

    /** What is compacted is never the last segment, and all of that is read when a partition is taken over. */
    private static final int SESSION_SEGMENT_BYTES = 50 << 20;

    public ConversationTopics {
        replies = List.copyOf(replies);
        raw = List.copyOf(raw);
        requirePositive(replyRetention, replies.toString());
        requirePositive(sessionRetention, sessions);
    }

    private static void requirePositive(Duration retention, String topic) {
        if (retention.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "the retention of " + topic + " must be at least 1 ms, was " + retention);
        }
    }

    /**
     * In the order of their creation. The partitions of the session topic and the size limit of dead letters depend on
     * the start topic, and that on those of raw events too, see {@link ConversationTopicSetup}.
     */
    List<TopicSpec> specs() {
        Map<String, String> whileJoinable = Map.of(TopicConfig.RETENTION_MS_CONFIG, milliseconds(replyRetention));
        // Compaction alone would keep every conversation for ever.
        Map<String, String> latestWhileRemembered = Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                milliseconds(sessionRetention),
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Integer.toString(SESSION_SEGMENT_BYTES));
        List<TopicSpec> specs = new ArrayList<>();
        specs.add(new TopicSpec(start, partitions, Map.of()));
        raw.forEach(topic -> specs.add(new TopicSpec(topic, partitions, Map.of())));
        replies.forEach(topic -> specs.add(new TopicSpec(topic, partitions, whileJoinable)));
        specs.add(new TopicSpec(sessions, partitions, latestWhileRemembered));
        // Dead letters keep the timestamps of their events: a broker would delete those of old events at once.
        specs.add(new TopicSpec(deadLetters, partitions, Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1")));
        return specs;
    }

    /** The topics whose records can become dead letters. */
    List<String> sentToDeadLetters() {
        return Stream.concat(Stream.of(start), raw.stream()).toList();
    }

    private static String milliseconds(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
