package dev.serai.connect;

import dev.serai.connect.answer.CallOutcome;
import dev.serai.connect.gate.Spread;

/** A situation that counts what the calls of its event come to. Not thread-safe. */
public abstract class CallTally implements ConnectPolicy.Situation {
    private int attempts;
    private int failures;
    private int inVain;
    private Spread spread = Spread.THIS_EVENT;

    /**
     * Counts a call.
     *
     * @param reaches how far failures reach, as the gate says
     */
    protected final void count(CallOutcome outcome, Spread reaches) {
        spread = reaches;
        attempts += ConnectPolicy.isAttempt(outcome, reaches) ? 1 : 0;
        failures += outcome.isFailure() ? 1 : 0;
        inVain += outcome.isInVain() ? 1 : 0;
    }

    @Override
    public final int attempts() {
        return attempts;
    }

    @Override
    public final int failures() {
        return failures;
    }

    /** The event's calls so far that have failed, or were refused through no fault of its own. */
    public final int callsInVain() {
        return inVain;
    }

    @Override
    public final Spread spread() {
        return spread;
    }
}
