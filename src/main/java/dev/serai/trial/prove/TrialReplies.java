package dev.serai.trial.prove;

import dev.serai.trial.guarantee.SeenReply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;

/** The replies as a {@code read_committed} reader sees them come. For one thread. */
final class TrialReplies implements AutoCloseable {
    private final TopicScan scan;
    private final List<SeenReply> seen = new ArrayList<>();
    private final Map<String, Instant> answered = new HashMap<>();

    TrialReplies(Map<String, Object> kafkaProperties, String topic) {
        scan = new TopicScan(kafkaProperties, topic, IsolationLevel.READ_COMMITTED);
    }

    /** Takes what comes in within that time. */
    void look(Duration atMost) {
        add(scan.next(atMost));
    }

    /** Takes all that is there. */
    void lookToTheEnd() {
        add(scan.rest());
    }

    private void add(List<ConsumerRecord<byte[], byte[]>> replies) {
        Instant now = Instant.now();
        for (ConsumerRecord<byte[], byte[]> each : replies) {
            SeenReply reply = SeenReply.of(each);
            seen.add(reply);
            answered.putIfAbsent(reply.eventId(), now);
        }
    }

    /** In the order of the topic for each conversation. */
    List<SeenReply> seen() {
        return List.copyOf(seen);
    }

    /** When each event was first seen to be answered. */
    Map<String, Instant> answered() {
        return Collections.unmodifiableMap(answered);
    }

    boolean haveAll(Collection<String> events) {
        return answered.keySet().containsAll(events);
    }

    @Override
    public void close() {
        scan.close();
    }
}
