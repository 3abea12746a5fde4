package dev.serai.chaos;

import static org.awaitility.Awaitility.await;

import dev.serai.guarantee.SeenReply;
import dev.serai.testing.TopicReader;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the events that were answered, as a {@code read_committed} reader on a thread of its own sees them. */
final class ReplyWatch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final TopicReader reader;
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final Thread thread = new Thread(this::watch, "watch-replies");
    private volatile boolean stopped;

    ReplyWatch(String bootstrapServers) {
        reader = new TopicReader(bootstrapServers, "conversation.replies");
        thread.start();
    }

    private void watch() {
        while (!stopped) {
            reader.next(POLL).forEach(reply -> answered.add(SeenReply.of(reply).eventId()));
        }
    }

    int answered() {
        return answered.size();
    }

    void awaitAnswered(int events, Duration patience) {
        await(events + " answered events")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(10))
                .failFast("the reader of replies has ended", () -> !thread.isAlive())
                .until(() -> answered.size() >= events);
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
