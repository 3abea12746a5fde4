package dev.serai.engine;

import dev.serai.loop.Pause;
import dev.serai.loop.RepeatedWarning;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For how long the transaction that is under way has been tried, why the last attempt failed, which the log and the listener are
 * told, and how long to pause before the next one. The committer's thread says what happens; any thread may ask
 * {@link #stalledFor}.
 */
final class CommitAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    /** Of the events that are not published while others are. */
    private static final int NAMED = 5;

    private final TransactionListener listener;
    private final RepeatedWarning failing = new RepeatedWarning(LOG);
    private final RepeatedWarning failingAlone = new RepeatedWarning(LOG);
    private final Pause pause = new Pause(Duration.ofMillis(100), Duration.ofSeconds(2));
    private volatile @Nullable UnderWay underWay;

    /**
     * @param since by {@link System#nanoTime}
     * @param reason why it was aborted, or null as long as it was not
     */
    private record UnderWay(long since, @Nullable String reason) {}

    CommitAttempt(TransactionListener listener) {
        this.listener = listener;
    }

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

    /**
     * A transaction was aborted, and its events are to be tried again.
     *
     * @param label for metrics
     */
    void aborted(String label, String reason) {
        listener.aborted(label);
        undecided(reason);
        failing.met(label, "A transaction was aborted and is tried again: " + reason);
    }

    /**
     * The transaction of some that are tried by themselves was aborted, while others get through: which is no stall.
     *
     * @param aside all that are tried by themselves
     */
    void abortedAlone(String label, String reason, List<Delivery> aside) {
        listener.aborted(label);
        failingAlone.met(
                "alone",
                "Others are published, and these are not, which are tried again by themselves: "
                        + aside.stream().limit(NAMED).map(Delivery::toString).collect(Collectors.joining(", "))
                        + (aside.size() > NAMED ? " and " + (aside.size() - NAMED) + " more" : "") + ". " + reason);
    }

    /** No event is tried by itself. */
    void noneAlone() {
        failingAlone.over("No event is tried again by itself any more");
    }

    /** It is not known whether it got through, which is to be found out first. */
    void undecided(String reason) {
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
        failing.over("Transactions are committed again");
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
