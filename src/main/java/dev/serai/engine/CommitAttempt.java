package dev.serai.engine;

import dev.serai.loop.Pause;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * For how long the transaction that is under way has been tried, why the last attempt failed, and how long to pause before the
 * next one. The committer's thread says what happens; any thread may ask {@link #stalledFor}.
 */
final class CommitAttempt {
    private final Pause pause = new Pause(Duration.ofMillis(100), Duration.ofSeconds(2));
    private volatile @Nullable UnderWay underWay;

    /**
     * @param since by {@link System#nanoTime}
     * @param reason why it was aborted, or null as long as it was not
     */
    private record UnderWay(long since, @Nullable String reason) {}

    /**
     * A transaction begins, or is tried again.
     *
     * @return whether it is tried again
     */
    boolean begin(long now) {
        if (underWay != null) {
            return true;
        }
        underWay = new UnderWay(now, null);
        return false;
    }

    /** It did not get through, and is to be tried again. */
    void failed(String reason) {
        UnderWay before = underWay;
        underWay = new UnderWay(before == null ? System.nanoTime() : before.since(), reason);
    }

    /** There is none any more. */
    void over() {
        underWay = null;
    }

    /** It got through: the next failure is paused after for a short time again. */
    void committed() {
        underWay = null;
        pause.over();
    }

    /** Pauses, longer each time. */
    void pauseLonger() throws InterruptedException {
        Thread.sleep(pause.longer());
    }

    /** The transaction that is under way, if it has been for as long as that. */
    Optional<Committer.Stalled> stalledFor(Duration least) {
        UnderWay now = underWay;
        if (now == null) {
            return Optional.empty();
        }
        Duration since = Duration.ofNanos(System.nanoTime() - now.since());
        return since.compareTo(least) < 0
                ? Optional.empty()
                : Optional.of(new Committer.Stalled(since, Optional.ofNullable(now.reason())));
    }
}
