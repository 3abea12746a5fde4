package dev.serai.connect.gate;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the provider refuses the account, its credentials or its plan, so that one call at a time finds out whether it
 * still does.
 *
 * <p>Not thread-safe: under the gate's lock.
 */
final class AccountRefusal {
    private final GateRules rules;
    private final LongSupplier nanos;
    private final Jitter jitter;
    private @Nullable HoldReason why;
    private long probeAt;
    private int credentials;
    private int failedProbes;

    /** @param nanos a clock that never goes back */
    AccountRefusal(GateRules rules, LongSupplier nanos, Jitter jitter) {
        this.rules = rules;
        this.nanos = nanos;
        this.jitter = jitter;
    }

    /** What is wrong with the account; null if nothing is. */
    @Nullable
    HoldReason why() {
        return why;
    }

    /** Counts the credentials that took others' place. */
    int credentials() {
        return credentials;
    }

    /**
     * Nanoseconds until a call may find out; 0 if it may, {@link Long#MAX_VALUE} if that is when the other's ends.
     *
     * @param findingOut whether a call does already
     */
    long nanosUntilProbe(boolean findingOut) {
        if (why == null) {
            return 0;
        }
        return findingOut ? Long.MAX_VALUE : Math.max(0, probeAt - nanos.getAsLong());
    }

    /** The account was refused. What a call with earlier credentials came to says nothing of those that took their place. */
    void refused(Permit permit, HoldReason because) {
        if (permit.credentials() == credentials) {
            failedProbes = why == null ? 0 : permit.probe() ? failedProbes + 1 : failedProbes;
            why = because;
            probeAt = nanos.getAsLong() + jitter.of(rules.credentialsProbe(), 0.9);
        }
    }

    /** The account is accepted. */
    void over() {
        why = null;
    }

    /** There are other credentials: the next call finds out whether they are accepted. */
    void credentialsChanged() {
        credentials++;
        probeAt = nanos.getAsLong();
    }

    /** How many calls have found out in vain. */
    int failedProbes() {
        return failedProbes;
    }
}
