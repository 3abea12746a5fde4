package dev.serai.trial.prove;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * From when Kafka had an event until a reader saw its reply.
 *
 * @param count of events that were answered
 */
record ReplyTimes(int count, Duration median, Duration percentile95, Duration longest) {

    static ReplyTimes of(Collection<String> events, Map<String, Instant> acknowledged, Map<String, Instant> answered) {
        List<Duration> sorted = events.stream()
                .filter(event -> acknowledged.containsKey(event) && answered.containsKey(event))
                .map(event -> Duration.between(acknowledged.get(event), answered.get(event)))
                // A reply can be seen before the acknowledgement of its event.
                .map(time -> time.isNegative() ? Duration.ZERO : time)
                .sorted()
                .toList();
        return new ReplyTimes(sorted.size(), at(sorted, 50), at(sorted, 95), at(sorted, 100));
    }

    private static Duration at(List<Duration> sorted, int percent) {
        return sorted.isEmpty()
                ? Duration.ZERO
                : sorted.get(Math.max(0, (int) Math.ceil(sorted.size() * percent / 100.0) - 1));
    }
}
