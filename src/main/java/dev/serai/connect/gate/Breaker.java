package dev.serai.connect.gate;

import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Notices when the provider fails as a whole, and lets one call at a time find out whether it is back. The pause between
 * those grows, with jitter.
 *
 * <p>It judges by the failures in a row since the latest good answer, so that a past of good ones hides nothing. Each event
 * counts once in such a row, however often it was called for. An event that failed earlier, and after which others were
 * answered, does not count: its own request is to blame, and it must use up its own attempts. A call that was never sent says
 * nothing of its event, and counts each time. The provider fails as a whole when the row is as long as the rules say; or, if it
 * has lasted for {@link #SHORT_WHILE}, a fifth as long and at least 2.
 *
 * <p>Not thread-safe: under the gate's lock.
 */
final class Breaker {
    /** Long enough for an event's first attempts, short enough that no event has used up all of them (3.5 s at least). */
    static final Duration SHORT_WHILE = Duration.ofSeconds(3);

    private static final int PART = 5;
    private static final int FEWEST = 2;

    private enum State {
        CLOSED,
        OPEN,
        PROBING
    }

    private final GateRules rules;
    private final int several;
    private final LongSupplier nanos;
    private final RandomGenerator random;

    /** The events whose calls have failed since the latest good answer; no more than it takes to judge. */
    private final Set<Caller> failed = Collections.newSetFromMap(new IdentityHashMap<>());

    private int neverSent;
    /** When the first of the calls that have failed in a row began, but not before the latest good answer. */
    private long failingSince;

    private long latestGoodAnswerAt;
    /** The call that began last of those with a good answer. */
    private long latestGoodCall;

    private State state = State.CLOSED;
    private int failedProbes;
    private long openUntil;

    /** @param nanos a clock that never goes back */
    Breaker(GateRules rules, LongSupplier nanos, RandomGenerator random) {
        this.rules = rules;
        this.nanos = nanos;
        this.random = random;
        several = Math.max(FEWEST, rules.outageCalls() / PART);
        latestGoodAnswerAt = nanos.getAsLong();
    }

    /** Lets a call begin, or does not; then {@link #nanosUntilProbe} says when to ask again. */
    boolean tryBegin() {
        if (state == State.OPEN && openUntil - nanos.getAsLong() <= 0) {
            state = State.PROBING;
            return true;
        }
        return state == State.CLOSED;
    }

    /** Nanoseconds until the next probe may begin; {@link Long#MAX_VALUE} while one is under way. */
    long nanosUntilProbe() {
        return state == State.OPEN ? Math.max(1, openUntil - nanos.getAsLong()) : Long.MAX_VALUE;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** The provider works. During an outage that is for a probe to say: an earlier call's answer may be from before. */
    void succeeded(Permit permit) {
        latestGoodCall = Math.max(latestGoodCall, permit.call());
        if (permit.inOutage() || isClosed()) {
            state = State.CLOSED;
            failedProbes = 0;
            failed.clear();
            neverSent = 0;
            latestGoodAnswerAt = nanos.getAsLong();
        }
    }

    /**
     * A call has failed.
     *
     * @param sent whether the provider may have seen the request
     * @param latestCall the last one of anybody that has begun
     * @return how far failures reach
     */
    Spread failed(Permit permit, Caller caller, boolean sent, long latestCall) {
        // By a call that began after this one, or after the event's last failure: the provider works, but not for this
        // event.
        boolean itsOwn = sent && latestGoodCall > caller.since(permit);
        caller.failedAfter(latestCall);
        if (permit.inOutage()) {
            failedProbes++;
            open();
        } else if (isClosed()) {
            if (!itsOwn) {
                note(permit, caller, sent);
            }
            if (isOutage()) {
                open();
            }
        }
        if (!isClosed()) {
            return Spread.EVERYBODY;
        }
        return sent && (itsOwn || inARow() < several) ? Spread.THIS_EVENT : Spread.OTHERS_TOO;
    }

    private void note(Permit permit, Caller caller, boolean sent) {
        if (inARow() == 0) {
            failingSince = permit.begunNanos() - latestGoodAnswerAt > 0 ? permit.begunNanos() : latestGoodAnswerAt;
        }
        if (sent) {
            failed.add(caller);
        } else {
            neverSent++;
        }
    }

    /** Events whose calls have failed since the latest good answer, or until calls were held back. */
    int inARow() {
        return failed.size() + neverSent;
    }

    private boolean isOutage() {
        return inARow() >= rules.outageCalls()
                || (inARow() >= several && nanos.getAsLong() - failingSince >= SHORT_WHILE.toNanos());
    }

    private void open() {
        double bound = Math.min(rules.outageProbe().toMillis() * Math.pow(2, failedProbes), (double)
                rules.maxOutageProbe().toMillis());
        long pause = Math.max(1, Math.round(bound * (0.75 + 0.25 * random.nextDouble())));
        openUntil = nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(pause);
        state = State.OPEN;
    }

    /** A call ended that says nothing about the provider. */
    void ended(Permit permit) {
        if (permit.inOutage()) {
            openUntil = nanos.getAsLong();
            state = State.OPEN;
        }
    }

    /**
     * A call was refused for want of an account that may make it.
     *
     * @param latestCall the last one of anybody that has begun
     * @return whether that is the event's own: it was refused before, and others were answered since
     */
    boolean refused(Permit permit, Caller caller, long latestCall) {
        ended(permit);
        boolean itsOwn = caller.wasRefusedBefore(latestGoodCall);
        caller.refusedAfter(latestCall);
        return itsOwn;
    }

    /** How many calls have found out in vain whether the provider is back. */
    int failedProbes() {
        return failedProbes;
    }
}
