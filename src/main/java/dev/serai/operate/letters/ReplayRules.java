package dev.serai.operate.letters;

import dev.serai.kafka.CompactedTopicReader;
import dev.serai.operate.letters.Verdict.Leave;
import dev.serai.operate.letters.Verdict.Publish;
import dev.serai.operate.letters.Verdict.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which letters are published again, and where to: to the topic that they came from if the service reads it, and to the
 * partition, for there the conversation's session is remembered. Immutable.
 *
 * @param events topics of start events
 * @param raw topics of raw events, which mappings make start events of: their values are others', and stay as they are
 * @param to in place of the topic that a letter came from; null for that one
 * @param maxReplays letters that were replayed so often stay, 1 or more
 * @param deadline from publishing on, in place of what the event says; null to leave it as it is
 */
public record ReplayRules(
        Set<String> events,
        Set<String> raw,
        @Nullable String to,
        int maxReplays,
        @Nullable Duration deadline) {
    public ReplayRules {
        events = Set.copyOf(events);
        raw = Set.copyOf(raw);
    }

    /** How many partitions topics have, each asked for once; 0 for one that is not there. */
    static ToIntFunction<String> partitionsOf(Map<String, Object> kafka) {
        Map<String, Integer> known = new HashMap<>();
        return topic -> known.computeIfAbsent(topic, name -> {
            try (var reader =
                    new CompactedTopicReader(kafka, name, CompactedTopicReader.Gap.PASS, DeadLetters.PATIENCE)) {
                return reader.partitionCount(name);
            }
        });
    }

    /** What is published of the letter. */
    Republication republication(Letter letter) {
        return isRaw(letter) ? Republication.unchanged(letter) : Republication.of(letter, deadline);
    }

    private boolean isRaw(Letter letter) {
        String topic = to == null ? letter.originalTopic().orElse(null) : to;
        return topic != null && raw.contains(topic);
    }

    Verdict of(Letter letter, ReplayMarks marks, ToIntFunction<String> partitions, Instant now) {
        if (marks.replayOf(letter).isPresent()) {
            return new Leave(Why.REPLAYED_BEFORE);
        }
        String from = letter.originalTopic().orElse(null);
        String topic = to == null ? from : to;
        if (topic == null) {
            return new Leave(Why.NO_ORIGIN);
        }
        if (to == null && !events.contains(topic) && !raw.contains(topic)) {
            return new Leave(Why.NOT_OURS);
        }
        int count = partitions.applyAsInt(topic);
        if (count == 0) {
            return new Leave(Why.NO_TOPIC);
        }
        if (letter.replays() >= maxReplays) {
            return new Leave(Why.TOO_OFTEN);
        }
        if ((deadline == null || isRaw(letter))
                && letter.expiresAt().filter(now::isAfter).isPresent()) {
            return new Leave(Why.EXPIRED);
        }
        long partition = topic.equals(from) ? letter.originalPartition().orElse(-1) : -1;
        return new Publish(topic, partition >= 0 && partition < count ? (int) partition : null);
    }
}
