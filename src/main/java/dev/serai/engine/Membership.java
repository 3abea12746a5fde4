package dev.serai.engine;

import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The consumer's membership of the group, as of its last word, and whether the group's coordinator still takes commits of it.
 * The consumer's thread tells, the committer's asks. Thread-safe, by the {@link AssignmentsLock}: a plan has offsets and
 * membership as of one moment.
 */
final class Membership {
    private static final long NEVER = Long.MIN_VALUE;

    private final AssignmentsLock lock;
    private @Nullable ConsumerGroupMetadata current;

    /** By {@link System#nanoTime}. */
    private long refusedSince = NEVER;

    Membership(AssignmentsLock lock) {
        this.lock = lock;
    }

    /** As it is by now; to be taken on the consumer's thread. */
    void is(ConsumerGroupMetadata membership) {
        lock.run(() -> {
            if (!membership.equals(current)) {
                current = membership;
                refusedSince = NEVER;
                lock.signal();
            }
        });
    }

    /** The consumer is closed, and its membership with it; another consumer has one of its own. */
    void left() {
        lock.run(() -> {
            current = null;
            refusedSince = NEVER;
            lock.signal();
        });
    }

    /** Null as long as there is nothing to commit offsets for. Under the lock. */
    @Nullable
    ConsumerGroupMetadata current() {
        return current;
    }

    /** The group's coordinator has taken a commit. Under the lock. */
    void accepted() {
        refusedSince = NEVER;
    }

    /** The group's coordinator does not take commits of this membership any more. */
    void refused(@Nullable ConsumerGroupMetadata refused) {
        lock.run(() -> {
            boolean isCurrent = refused != null && refused.generationId() >= 0 && refused.equals(current);
            refusedSince = !isCurrent ? NEVER : refusedSince == NEVER ? System.nanoTime() : refusedSince;
        });
    }

    /** For how long commits of it have been refused, though the consumer takes itself for a member; zero if they are not. */
    Duration refusedFor() {
        return lock.get(
                () -> refusedSince == NEVER ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - refusedSince));
    }

    /** Waits until the group has moved on from this generation, or patience is over. */
    void awaitAfter(@Nullable ConsumerGroupMetadata old, Duration patience) throws InterruptedException {
        lock.awaitInterruptibly(() -> old == null || !old.equals(current), patience);
    }
}
