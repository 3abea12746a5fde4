package dev.serai.connect.gate;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The turn of an event whose probe was answered by a doubt of its session: its call without the session is what finds out, so
 * nobody else calls before that one. An event that has not come again after {@link #LONGEST} has given up, and others go on.
 *
 * <p>Not thread-safe: under the gate's lock.
 */
final class DoubtedProbe {
    /** It comes within milliseconds, unless it was cancelled. */
    static final Duration LONGEST = Duration.ofSeconds(2);

    private final LongSupplier nanos;
    private @Nullable Caller caller;
    private long until;

    /** @param nanos a clock that never goes back */
    DoubtedProbe(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void doubted(Caller whose) {
        caller = whose;
        until = nanos.getAsLong() + LONGEST.toNanos();
    }

    /** A call begins. */
    void begun() {
        caller = null;
    }

    /** Whether the caller's next call is the one that finds out. */
    boolean isOf(Caller asking) {
        return caller == asking;
    }

    /** Nanoseconds until another one may call in place of the one whose turn it is; 0 if it is the caller's, or nobody's. */
    long nanosUntilTurnOf(Caller asking) {
        return caller == null || caller == asking ? 0 : Math.max(0, until - nanos.getAsLong());
    }

    /** Where the one whose turn it is waits for it; null if it does not, or there is none. */
    @Nullable
    Ticket ticket() {
        return caller == null ? null : caller.ticket();
    }
}
