package dev.serai.connect.gate;

import dev.serai.connect.answer.CallOutcome;
import dev.serai.wire.Priority;
import java.time.Duration;
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
    private final RandomGenerator random;
    private final Concurrency concurrency;
    private final CallRate rate;
    private final Breaker breaker;

    /** Null if sessions have no bound. */
    private @Nullable PlanSlots slots;

    private Share share = Share.WHOLE;

    /** For what a failing provider asks for. */
    private long coolUntil;
    /** For a plan or a rate that is used up. */
    private long busyUntil;
    /** When a session was ended last whose slot nobody has tried to get since; calls that began before found it taken. */
    private @Nullable Long freedAt;
    /** After a cool-down one call at a time finds out whether it was long enough. */
    private boolean coolDownUnproven;

    private int coolDownProbes;

    /** What is wrong with the account, so that one call at a time finds out whether it still is; null if nothing is. */
    private @Nullable Hold refused;

    private long credentialsProbeAt;
    private int credentials;
    private int refusedProbes;
    private int probesUnderWay;
    private long calls;

    /** @param nanos a clock that never goes back */
    GateState(GateRules rules, LongSupplier nanos, RandomGenerator random) {
        this.rules = rules;
        this.nanos = nanos;
        this.random = random;
        concurrency = new Concurrency(rules.maxConcurrent());
        rate = new CallRate(rules.rate(), rules.burst(), Share.WHOLE, nanos);
        breaker = new Breaker(rules, nanos, random);
        coolUntil = nanos.getAsLong();
        busyUntil = coolUntil;
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
    record Go(Turn turn) implements Admission {}

    /**
     * It may not.
     *
     * @param nanos until it is worth asking again, unless something else changes before
     */
    record Wait(Hold why, long nanos) implements Admission {}

    Admission admit(Priority priority) {
        Wait closed = closed();
        if (closed == null && priority == Priority.BATCH) {
            closed = reserved();
        }
        if (closed != null) {
            return closed;
        }
        if (!breaker.tryBegin()) {
            return new Wait(Hold.OUTAGE, breaker.nanosUntilProbe());
        }
        rate.take();
        freedAt = null;
        boolean inOutage = !breaker.isClosed();
        Turn turn = new Turn(
                ++calls,
                nanos.getAsLong(),
                priority,
                concurrency.begun(),
                credentials,
                refused != null || coolDownUnproven || inOutage,
                inOutage);
        if (turn.probe()) {
            probesUnderWay++;
        }
        return new Go(turn);
    }

    private @Nullable Wait closed() {
        long now = nanos.getAsLong();
        if (refused != null && (probesUnderWay > 0 || now < credentialsProbeAt)) {
            return new Wait(refused, probesUnderWay > 0 ? UNTIL_SOMETHING_ENDS : credentialsProbeAt - now);
        }
        long heldUntil = Math.max(coolUntil, busyUntil);
        if (now < heldUntil) {
            return new Wait(Hold.COOL_DOWN, heldUntil - now);
        }
        // Whoever is finding out asked before that slot was free, or for another one.
        if (coolDownUnproven && probesUnderWay > 0 && freedAt == null) {
            return new Wait(Hold.COOL_DOWN, UNTIL_SOMETHING_ENDS);
        }
        if (slots != null && !slots.isOneFree(concurrency.underWay(), Priority.LIVE)) {
            return new Wait(Hold.SESSIONS, slots.nanosUntilOver());
        }
        if (!concurrency.hasRoom()) {
            return new Wait(breaker.isClosed() ? Hold.CONCURRENCY : Hold.OUTAGE, UNTIL_SOMETHING_ENDS);
        }
        long untilFree = rate.nanosUntilFree();
        return untilFree > 0 ? new Wait(Hold.RATE, untilFree) : null;
    }

    /** Why a batch event's call may not begin although a live caller's may, or null. */
    private @Nullable Wait reserved() {
        if (slots != null && !slots.isOneFree(concurrency.underWay(), Priority.BATCH)) {
            return new Wait(Hold.RESERVE, slots.nanosUntilOneIsFreeForBatch());
        }
        if (!concurrency.hasRoomToSpare()) {
            return new Wait(Hold.RESERVE, UNTIL_SOMETHING_ENDS);
        }
        long untilSpare = rate.nanosUntilSpare();
        return untilSpare > 0 ? new Wait(Hold.RESERVE, untilSpare) : null;
    }

    /** Whether a batch event's call may not begin although a live caller's may. */
    boolean isReserved() {
        return hold() == null && reserved() != null;
    }

    /** Why calls are held back, or null; changes nothing. Trouble is there until a call has proved the opposite. */
    @Nullable
    Hold hold() {
        Hold trouble = trouble();
        if (trouble != null) {
            return trouble;
        }
        Wait closed = closed();
        return closed == null ? null : closed.why();
    }

    /**
     * A call has ended.
     *
     * @return how far failures reach; of use if the call has failed
     */
    Spread returned(Turn turn, Caller caller, CallOutcome outcome) {
        boolean worked = breaker.isClosed();
        boolean sent = !(outcome instanceof CallOutcome.NotSent);
        if (slots != null && opens(outcome)) {
            slots.opened(turn);
        }
        switch (outcome) {
            case CallOutcome.Connected connected -> {
                answered(turn);
                concurrency.succeeded(turn.priority() == Priority.BATCH);
                if (turn.probe()) {
                    coolDownUnproven = false;
                }
            }
            case CallOutcome.Rejected rejected -> answered(turn);
            case CallOutcome.SessionGone gone -> answered(turn);
            case CallOutcome.Busy busy -> {
                answered(turn);
                concurrency.busy(turn.epoch());
                if (slots != null) {
                    slots.foundFull();
                }
                Duration asked = busy.retryAfter();
                long until = coolDown(
                        turn,
                        asked == null ? null : longer(asked, rules.coolDown().dividedBy(10)));
                if (freedAt != null && turn.begunNanos() <= freedAt) {
                    // It asked before the slot was free: one call more finds out, as it would have at the time.
                    freedAt = null;
                } else {
                    busyUntil = Math.max(busyUntil, until);
                }
            }
            case CallOutcome.Unavailable unavailable -> {
                breaker.failed(turn, caller, sent);
                if (unavailable.retryAfter() != null) {
                    coolUntil = Math.max(coolUntil, coolDown(turn, unavailable.retryAfter()));
                }
            }
            // Between two calls with one key, and between the event and its session.
            case CallOutcome.Conflict conflict -> breaker.ended(turn);
            case CallOutcome.SessionDoubted doubted -> breaker.ended(turn);
            case CallOutcome.NotSent notSent -> breaker.failed(turn, caller, sent);
            case CallOutcome.Unknown unknown -> breaker.failed(turn, caller, sent);
            case CallOutcome.ProtocolError error -> breaker.failed(turn, caller, sent);
            case CallOutcome.CredentialsRefused refusal -> {
                return refused(turn, caller, Hold.CREDENTIALS);
            }
            case CallOutcome.QuotaExhausted exhausted -> {
                return refused(turn, caller, Hold.QUOTA);
            }
        }
        if (worked && !breaker.isClosed()) {
            concurrency.outage();
        }
        ended(turn);
        Spread spread = breaker.spread(turn, caller, sent);
        if (outcome.isFailure()) {
            caller.failedAfter(calls);
        }
        return spread;
    }

    private static boolean opens(CallOutcome outcome) {
        return outcome instanceof CallOutcome.Connected
                || (outcome instanceof CallOutcome.ProtocolError unusable
                        && !unusable.unusableSessions().isEmpty());
    }

    /** The room that the call of the turn has come to is counted among the open sessions by now, or is over. */
    void roomSettled(Turn turn) {
        if (slots != null) {
            slots.settled(turn);
        }
    }

    /** No call was made after all. */
    void unused(Turn turn) {
        breaker.ended(turn);
        rate.giveBack();
        ended(turn);
    }

    private void ended(Turn turn) {
        concurrency.ended();
        if (turn.probe()) {
            probesUnderWay--;
        }
    }

    /** The provider works, and accepts the credentials. */
    private void answered(Turn turn) {
        breaker.succeeded(turn);
        refused = null;
    }

    /** The account is refused, or the event alone. */
    private Spread refused(Turn turn, Caller caller, Hold why) {
        breaker.ended(turn);
        boolean itsOwn = breaker.isAnsweringSinceRefusalOf(caller);
        caller.refusedAfter(calls);
        // What a call with earlier credentials came to says nothing of those that took their place.
        if (!itsOwn && turn.credentials() == credentials) {
            refusedProbes = refused == null ? 0 : turn.probe() ? refusedProbes + 1 : refusedProbes;
            refused = why;
            credentialsProbeAt = nanos.getAsLong() + jittered(rules.credentialsProbe(), 0.9);
        }
        ended(turn);
        return itsOwn ? Spread.THIS_EVENT : Spread.EVERYBODY;
    }

    /** From now on one call at a time is made, and none before the time that is returned. */
    private long coolDown(Turn turn, @Nullable Duration asked) {
        coolDownProbes = !coolDownUnproven ? 0 : turn.probe() ? coolDownProbes + 1 : coolDownProbes;
        // Not earlier than asked, and not everybody at the same moment.
        long pause = asked == null
                ? jittered(rules.coolDown(), 0.97)
                : jittered(asked.multipliedBy(11).dividedBy(10), 10 / 11.0);
        coolDownUnproven = true;
        return nanos.getAsLong() + pause;
    }

    /**
     * A session of these credentials was ended. While the plan is used up, one call finds out whether there is room now,
     * whatever pause was asked for before; what the provider asks for because it fails, an outage and refused credentials
     * are not about slots.
     */
    void slotFreed() {
        freedAt = nanos.getAsLong();
        busyUntil = Math.min(busyUntil, freedAt);
    }

    /** A date of one second's precision, by a clock that is not ours, may ask for no pause at all. */
    private static Duration longer(Duration asked, Duration least) {
        return asked.compareTo(least) > 0 ? asked : least;
    }

    /** A part of the pause between {@code least} and all of it, in nanoseconds. */
    private long jittered(Duration pause, double least) {
        return Math.round(pause.toNanos() * (least + (1 - least) * random.nextDouble()));
    }

    /** There are other credentials: the next call finds out whether they are accepted. */
    void credentialsChanged() {
        credentials++;
        credentialsProbeAt = nanos.getAsLong();
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
    Hold trouble() {
        return refused != null ? refused : breaker.isClosed() ? null : Hold.OUTAGE;
    }

    /** What the provider did that lets one call at a time through, until one has proved that it is over; or null. */
    @Nullable
    Hold byProvider() {
        Hold trouble = trouble();
        return trouble == null && coolDownUnproven ? Hold.COOL_DOWN : trouble;
    }

    /** Whether the provider fails as a whole. */
    boolean isOutage() {
        return !breaker.isClosed();
    }

    /** How many calls have found out in vain whether what keeps the gate closed is over. */
    int failedProbes() {
        return refused != null ? refusedProbes : breaker.isClosed() ? coolDownProbes : breaker.failedProbes();
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
