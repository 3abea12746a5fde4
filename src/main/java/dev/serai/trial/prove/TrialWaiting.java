package dev.serai.trial.prove;

import dev.serai.trial.guarantee.PublishedEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Takes replies while it waits for something, and ends the waiting when there is no sense in it any more. For one thread. */
final class TrialWaiting {
    private static final Duration POLL = Duration.ofMillis(50);

    private final TrialPublisher publisher;
    private final TrialReplies replies;
    private final Replicas replicas;
    private final BooleanSupplier stopped;
    private final TrialProgress progress;
    private final Duration limit;
    private final long deadline;

    /** What is waited for. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** The limit has come. */
    static final class TimeUpException extends RuntimeException {
        private TimeUpException(String what) {
            super(what);
        }
    }

    /**
     * @param stopped ends every waiting when it turns true
     * @param limit for all of them together, from now on
     */
    TrialWaiting(
            TrialPublisher publisher,
            TrialReplies replies,
            Replicas replicas,
            BooleanSupplier stopped,
            TrialProgress progress,
            Duration limit) {
        this.publisher = publisher;
        this.replies = replies;
        this.replicas = replicas;
        this.stopped = stopped;
        this.progress = progress;
        this.limit = limit;
        deadline = System.nanoTime() + limit.toNanos();
    }

    /** Begins to publish them. */
    void publish(List<PublishedEvent> part) throws InterruptedException {
        publisher.publish(part);
    }

    boolean isPublished() {
        return publisher.isDone();
    }

    void publishAndAwait(List<PublishedEvent> part) throws IOException, InterruptedException {
        publish(part);
        untilAnswered(part);
    }

    void untilAnswered(List<PublishedEvent> part) throws IOException, InterruptedException {
        List<String> events = Trial.ids(part);
        until("not every event was answered", () -> replies.haveAll(events));
    }

    /**
     * Waits until it holds.
     *
     * @param otherwise what is said if it does not in time
     * @throws TimeUpException if it does not
     * @throws TrialStoppedException if somebody has stopped the run
     */
    void until(String otherwise, Condition condition) throws IOException, InterruptedException {
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new TimeUpException("after " + limit.toSeconds() + " s " + otherwise);
            }
            look();
        }
    }

    /** Takes what comes in within a moment, and sees that all is at work. */
    void look() throws IOException {
        if (stopped.getAsBoolean()) {
            throw new TrialStoppedException();
        }
        replicas.requireRunning();
        @Nullable Exception failure = publisher.failure();
        if (failure != null) {
            throw failure instanceof KafkaException refusal
                    ? refusal
                    : new KafkaException("an event could not be published", failure);
        }
        replies.look(POLL);
        progress.answered(replies.answered().size());
    }
}
