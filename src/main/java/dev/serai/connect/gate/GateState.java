package dev.serai.connect.gate;

import dev.serai.connect.answer.CallOutcome;
import dev.serai.wire.Priority;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a call may begin, and learns from what calls come to. Neither waits nor knows who waits; time is what
 * its clock says, so that hours of it can be played in a test.
 *
 * <p>Not thread-safe: under the gate's lock.
 */
final class GateState {
    private static final long UNTIL_SOMETHING_ENDS = Long.MAX_VALUE;

    private final GateRules rules;
    private final LongSupplier nanos;
    private final Concurrency concurrency;
    private final CallRate rate;
    private final Breaker breaker;
    private final CoolDown coolDown;
    private final AccountRefusal account;
    private final DoubtedProbe doubted;

    /** Null if sessions have no bound. */
    private @Nullable PlanSlots slots;

    private Share share = Share.WHOLE;

    private int probesUnderWay;
    private long calls;

    /** @param nanos a clock that never goes back */
    GateState(GateRules rules, LongSupplier nanos, RandomGenerator random) {
        this.rules = rules;
        this.nanos = nanos;
        concurrency = new Concurrency(rules.maxConcurrent());
        rate = new CallRate(rules.rate(), rules.burst(), Share.WHOLE, nanos);
        breaker = new Breaker(rules, nanos, random);
        Jitter jitter = new Jitter(random);
        coolDown = new CoolDown(rules, nanos, jitter);
        account = new AccountRefusal(rules, nanos, jitter);
        doubted = new DoubtedProbe(nanos);
    }

    /**
     * Bounds how many sessions are open from now on, and how many of them are of batch events.
     *
     * @param open those that are known to be open, see {@link PlanSlots}
     */
    void boundSessions(SessionRules bound, LongSupplier open) {
        slots = new PlanSlots(bound, share, open, nanos);
    }

    /** May a call begin? */
    sealed interface Admission {}

    /** It may, and counts as begun. */
    record Go(Permit permit) implements Admission {}

    /**
     * It may not.
     *
     * @param nanos until it is worth asking again, unless something else changes before
     */
    record Wait(HoldReason why, long nanos) implements Admission {}

    Admission admit(Caller caller) {
        HoldReason byProvider = byProvider();
        long untilTurn = doubted.nanosUntilTurnOf(caller);
        if (byProvider != null && untilTurn > 0) {
            return new Wait(byProvider, untilTurn);
        }
        Priority priority = caller.priority();
        Wait closed = closed();
        // Nobody is let in before whose probe it is, so it must not wait for what is kept for others.
        if (closed == null && priority == Priority.BATCH && !doubted.isOf(caller)) {
            closed = reserved();
        }
        if (closed != null) {
            return closed;
        }
        if (!breaker.tryBegin()) {
            return new Wait(HoldReason.OUTAGE, breaker.nanosUntilProbe());
        }
        rate.take();
        coolDown.begun();
        doubted.begun();
        boolean inOutage = !breaker.isClosed();
        Permit permit = new Permit(
                ++calls,
                nanos.getAsLong(),
                priority,
                concurrency.begun(),
                account.credentials(),
                account.why() != null || coolDown.isUnproven() || inOutage,
                inOutage);
        if (permit.probe()) {
            probesUnderWay++;
        }
        return new Go(permit);
    }

    private @Nullable Wait closed() {
        boolean findingOut = probesUnderWay > 0;
        HoldReason refused = account.why();
        long untilProbe = account.nanosUntilProbe(findingOut);
        if (refused != null && untilProbe > 0) {
            return new Wait(refused, untilProbe);
        }
        long untilCool = coolDown.nanosUntilOver(findingOut);
        if (untilCool > 0) {
            return new Wait(HoldReason.COOL_DOWN, untilCool);
        }
        if (slots != null && !slots.isOneFree(concurrency.underWay(), Priority.LIVE)) {
            return new Wait(HoldReason.SESSIONS, slots.nanosUntilOver());
        }
        if (!concurrency.hasRoom()) {
            return new Wait(breaker.isClosed() ? HoldReason.CONCURRENCY : HoldReason.OUTAGE, UNTIL_SOMETHING_ENDS);
        }
        long untilFree = rate.nanosUntilFree();
        return untilFree > 0 ? new Wait(HoldReason.RATE, untilFree) : null;
    }

    /** Why a batch event's call may not begin although a live caller's may, or null. */
    private @Nullable Wait reserved() {
        if (slots != null && !slots.isOneFree(concurrency.underWay(), Priority.BATCH)) {
            return new Wait(HoldReason.RESERVE, slots.nanosUntilOneIsFreeForBatch());
        }
        if (!concurrency.hasRoomToSpare()) {
            return new Wait(HoldReason.RESERVE, UNTIL_SOMETHING_ENDS);
        }
        long untilSpare = rate.nanosUntilSpare();
        return untilSpare > 0 ? new Wait(HoldReason.RESERVE, untilSpare) : null;
    }

    /** Whether a batch event's call may not begin although a live caller's may. */
    boolean isReserved() {
        return hold() == null && reserved() != null;
    }

    /** Why calls are held back, or null; changes nothing. Trouble is there until a call has proved the opposite. */
    @Nullable
    HoldReason hold() {
        HoldReason trouble = trouble();
        if (trouble != null) {
            return trouble;
        }
        Wait closed = closed();
        return closed == null ? null : closed.why();
    }

    /**
     * A call has ended.
     *
     * @return how far failures and refusals reach; of use if the call has failed or was refused
     */
    Spread returned(Permit permit, Caller caller, CallOutcome outcome) {
        boolean worked = breaker.isClosed();
        Spread spread = Spread.THIS_EVENT;
        if (slots != null && opens(outcome)) {
            slots.opened(permit);
        }
        switch (outcome) {
            case CallOutcome.Connected connected -> {
                answered(permit);
                concurrency.succeeded(permit.priority() == Priority.BATCH);
                if (permit.probe()) {
                    coolDown.proven();
                }
            }
            case CallOutcome.Rejected rejected -> answered(permit);
            case CallOutcome.SessionGone gone -> answered(permit);
            case CallOutcome.Busy busy -> {
                answered(permit);
                concurrency.busy(permit.epoch());
                if (slots != null) {
                    slots.foundFull();
                }
                coolDown.busy(permit, busy.retryAfter());
            }
            case CallOutcome.Unavailable unavailable -> {
                spread = breaker.failed(permit, caller, true, calls);
                if (unavailable.retryAfter() != null) {
                    coolDown.failing(permit, unavailable.retryAfter());
                }
            }
            // Between two calls with one key, and between the event and its session.
            case CallOutcome.Conflict conflict -> breaker.ended(permit);
            case CallOutcome.SessionDoubted maybe -> {
                breaker.ended(permit);
                if (permit.probe()) {
                    doubted.doubted(caller);
                }
            }
            case CallOutcome.NotSent notSent -> spread = breaker.failed(permit, caller, notSent.answered(), calls);
            case CallOutcome.Unknown unknown -> spread = breaker.failed(permit, caller, true, calls);
            case CallOutcome.ProtocolError error -> spread = breaker.failed(permit, caller, true, calls);
            case CallOutcome.CredentialsRefused refusal -> spread = refused(permit, caller, HoldReason.CREDENTIALS);
            case CallOutcome.QuotaExhausted exhausted -> spread = refused(permit, caller, HoldReason.QUOTA);
        }
        if (worked && !breaker.isClosed()) {
            concurrency.outage();
        }
        ended(permit);
        return spread;
    }

    /** Where the one waits whose turn it is because its session is in doubt, whoever else waits; null if there is none. */
    @Nullable
    Ticket doubtedTicket() {
        return doubted.ticket();
    }

    private static boolean opens(CallOutcome outcome) {
        return outcome instanceof CallOutcome.Connected
                || (outcome instanceof CallOutcome.ProtocolError unusable
                        && !unusable.unusableSessions().isEmpty());
    }

    /** The room that the permit's call has come to is counted among the open sessions by now, or is over. */
    void roomSettled(Permit permit) {
        if (slots != null) {
            slots.settled(permit);
        }
    }

    /** No call was made after all. */
    void unused(Permit permit) {
        breaker.ended(permit);
        rate.giveBack();
        ended(permit);
    }

    private void ended(Permit permit) {
        concurrency.ended();
        if (permit.probe()) {
            probesUnderWay--;
        }
    }

    /** The provider works, and accepts the credentials. */
    private void answered(Permit permit) {
        breaker.succeeded(permit);
        account.over();
    }

    /** The account is refused, or the event alone. */
    private Spread refused(Permit permit, Caller caller, HoldReason why) {
        if (breaker.refused(permit, caller, calls)) {
            return Spread.THIS_EVENT;
        }
        account.refused(permit, why);
        return Spread.EVERYBODY;
    }

    /** A session of these credentials was ended: see {@link CoolDown#slotFreed}. */
    void slotFreed() {
        coolDown.slotFreed();
    }

    /** There are other credentials: see {@link AccountRefusal#credentialsChanged}. */
    void credentialsChanged() {
        account.credentialsChanged();
    }

    void share(Share part) {
        share = part;
        if (slots != null) {
            slots.share(part);
        }
        concurrency.most(part.of(rules.maxConcurrent()));
        rate.share(part);
    }

    /** What keeps the gate closed until somebody mends it: refused credentials, a plan that is used up, an outage, or null. */
    @Nullable
    HoldReason trouble() {
        HoldReason refused = account.why();
        return refused != null ? refused : breaker.isClosed() ? null : HoldReason.OUTAGE;
    }

    /** What the provider did that lets one call at a time through, until one has proved that it is over; or null. */
    @Nullable
    HoldReason byProvider() {
        HoldReason trouble = trouble();
        return trouble == null && coolDown.isUnproven() ? HoldReason.COOL_DOWN : trouble;
    }

    /** How many calls have found out in vain whether what keeps the gate closed is over. */
    int failedProbes() {
        if (account.why() != null) {
            return account.failedProbes();
        }
        return breaker.isClosed() ? coolDown.failedProbes() : breaker.failedProbes();
    }

    /** The events that failed until it was an outage; a call that was never sent counts like one. */
    int failedInARow() {
        return breaker.inARow();
    }

    boolean isWithinShare() {
        return concurrency.underWay() <= concurrency.most();
    }

    int underWay() {
        return concurrency.underWay();
    }

    int limit() {
        return concurrency.limit();
    }

    /** Null if sessions have no bound. */
    GateStatus.@Nullable Sessions sessions() {
        return slots == null || !slots.isBounded()
                ? null
                : new GateStatus.Sessions(slots.taken(concurrency.underWay()), slots.most());
    }
}
