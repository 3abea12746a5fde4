package dev.serai.connect.gate;

import dev.serai.loop.Counted;
import dev.serai.loop.Elapsed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say in the log of the provider's holding a gate: a line when that has lasted for {@link #TOLD_AFTER}, and
 * one when it is over. Of what is over sooner nothing is said, nor of a cool-down that nobody waits for; of what holds the
 * gate for the same reason again and again, at most once in {@link #AGAIN_AFTER}.
 *
 * <p>Not thread-safe: under the gate's lock.
 */
final class HoldNotice {
    /** Longer than a gateway's hiccup, and about as long as callers' clients wait for a reply. */
    static final Duration TOLD_AFTER = Duration.ofSeconds(5);

    /** With a plan that is used up, each session that ends opens the gate for a moment. */
    static final Duration AGAIN_AFTER = Duration.ofMinutes(1);

    /**
     * For the log.
     *
     * @param held whether the gate is held, or is open again
     */
    record Line(boolean held, String text) {}

    private final LongSupplier nanos;
    private final List<Line> over = new ArrayList<>();
    private @Nullable HoldReason hold;
    private String cause = "";
    private long begunAt;
    private long changedAt;

    /** Counts the times of holding; of this one are the events that it has held. */
    private long time;

    private long events;
    private @Nullable HoldReason told;
    private @Nullable HoldReason toldLast;
    private long toldLastAt;

    /** @param nanos a clock that never goes back */
    HoldNotice(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** The provider holds the gate from now on, or still does. */
    void holds(HoldReason why, String because) {
        long now = nanos.getAsLong();
        if (hold == null) {
            begunAt = now;
            time++;
            events = 0;
            told = null;
        }
        if (hold != why) {
            changedAt = now;
        }
        hold = why;
        cause = because;
    }

    /**
     * The provider does not hold the gate any more, or has not.
     *
     * @param callsInVain that have found out that it still did
     * @param waiting events that wait for their turn
     */
    void opened(int callsInVain, int waiting) {
        if (hold != null && told != null) {
            over.add(new Line(
                    false,
                    (told == HoldReason.COOL_DOWN || told == HoldReason.QUOTA
                                    ? "the provider takes calls again, after "
                                    : "the provider answers again, after ")
                            + Elapsed.text(Duration.ofNanos(nanos.getAsLong() - begunAt)) + " and "
                            + Counted.text(callsInVain, "further call")
                            + " in vain. Calls go on; events that were held: "
                            + events
                            + ", waiting for their turn: " + waiting));
        }
        hold = null;
    }

    /** Who waits just now is held, if the gate is. */
    void waits(Caller caller) {
        if (hold != null && caller.isNewIn(time)) {
            events++;
        }
    }

    /**
     * What is to be said now, and has not been said.
     *
     * @param waiting events that wait for their turn
     * @param failedInARow the events that failed until it was an outage
     */
    List<Line> due(int waiting, int failedInARow) {
        List<Line> due = new ArrayList<>(over);
        over.clear();
        HoldReason why = hold;
        long now = nanos.getAsLong();
        if (why == null || why == told || now - changedAt < TOLD_AFTER.toNanos()) {
            return due;
        }
        boolean holdsNobody = why == HoldReason.COOL_DOWN && waiting == 0;
        boolean justSaid = why == toldLast && now - toldLastAt < AGAIN_AFTER.toNanos();
        if (!holdsNobody && !justSaid) {
            told = why;
            toldLast = why;
            toldLastAt = now;
            due.add(new Line(true, text(why, Duration.ofNanos(now - changedAt), waiting, failedInARow)));
        }
        return due;
    }

    private String text(HoldReason why, Duration since, int waiting, int failedInARow) {
        // No colon: what stands behind "credentials:" is masked.
        return why.text() + ", " + cause + (why == HoldReason.OUTAGE ? ", so many in a row: " + failedInARow : "")
                + ", for " + Elapsed.text(since)
                + " now. One call at a time finds out when that is over, the others wait, until their deadlines; waiting"
                + " for their turn: " + waiting;
    }
}
