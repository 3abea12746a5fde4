package dev.serai.chaos;

import static org.awaitility.Awaitility.await;

import dev.serai.testing.TopicReader;
import dev.serai.trial.guarantee.SeenReply;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.core.ConditionFactory;

/** Notes which events were answered and when, as a {@code read_committed} reader on a thread of its own sees them. */
final class ReplyWatch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final TopicReader reader;
    private final Map<String, Instant> answered = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::watch, "watch-replies");
    private volatile boolean stopped;

    ReplyWatch(String bootstrapServers) {
        reader = new TopicReader(bootstrapServers, "conversation.replies");
        thread.start();
    }

    private void watch() {
        while (!stopped) {
            reader.next(POLL)
                    .forEach(reply -> answered.putIfAbsent(SeenReply.of(reply).eventId(), Instant.now()));
        }
    }

    int answered() {
        return answered.size();
    }

    /** When each event was first seen to be answered; goes on changing. */
    Map<String, Instant> answeredAt() {
        return Collections.unmodifiableMap(answered);
    }

    void awaitAnswered(int events, Duration patience) {
        awaiting(events + " answered events", patience).until(() -> answered.size() >= events);
    }

    void awaitAnswered(Set<String> eventIds, Duration patience) {
        awaiting("answers to all of " + eventIds.size() + " events", patience)
                .until(() -> answered.keySet().containsAll(eventIds));
    }

    private ConditionFactory awaiting(String what, Duration patience) {
        return await(what)
                .atMost(patience)
                .pollInterval(Duration.ofMillis(10))
                .failFast("the reader of replies has ended", () -> !thread.isAlive());
    }

    /** Stops watching, and returns every reply that the topic holds now. */
    List<SeenReply> all() throws InterruptedException {
        stopWatching();
        return reader.all().stream().map(SeenReply::of).toList();
    }

    private void stopWatching() throws InterruptedException {
        stopped = true;
        thread.join();
    }

    @Override
    public void close() {
        try {
            stopWatching();
            reader.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
