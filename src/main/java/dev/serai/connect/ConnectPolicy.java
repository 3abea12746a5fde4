package dev.serai.connect;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.connect.answer.CallOutcome;
import dev.serai.connect.answer.ConnectAnswer;
import dev.serai.connect.gate.Spread;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What to do after a call: the last column of the contract's section 5. A pure function but for the back-off's jitter.
 * Thread-safe as far as that is.
 *
 * @param maxAttempts calls of one event that may fail, see {@link #isAttempt}
 * @param repeatUnknown whether to call again when a request was sent and no answer came, at the risk of a session that
 *     nobody joins
 */
public record ConnectPolicy(int maxAttempts, boolean repeatUnknown, Backoff backoff) {
    /** Keys for the one room of an event that are tried; the second is for a room that is gone while its key is still taken. */
    private static final int MOST_KEYS = 3;

    /** Where an event stands when its call came back. */
    public interface Situation {
        /** Its attempts so far, the last call included if it was one. */
        int attempts();

        /** Its calls so far that have failed, attempts or not. */
        int failures();

        /** How far failures reached when its last call came back. */
        Spread spread();

        /** Whether the last request named a session to go on with. */
        boolean sessionSent();

        /** Whether that session was named by the event itself. */
        boolean sessionNamedByEvent();

        /** Whether there is another session among the event's options, such as that of one of several characters. */
        boolean optionsNameSession();

        /**
         * Why the last request was made without the session that the one before had named; null if that is not so, or it is
         * gone.
         */
        @Nullable
        Failure doubt();

        /** How the last request asked for the one room of its event; null if each call opens a room of its own. */
        @Nullable
        OneRoom room();

        Instant deadline();
    }

    /** What to do next. */
    public sealed interface Decision {
        /** Answer with the room. */
        record Succeed(ConnectAnswer answer) implements Decision {}

        /** Give up. */
        record Fail(Failure failure) implements Decision {}

        /**
         * Call again after a pause, behind those that wait for their turn now.
         *
         * @param ifNever the failure if the deadline comes first
         */
        record Repeat(Duration pause, Failure ifNever) implements Decision {}

        /**
         * Call again as soon as a call may be made, before those that wait for their turn now.
         *
         * @param ifNever the failure if the deadline comes first
         */
        record RepeatFirst(Failure ifNever) implements Decision {}

        /**
         * Ask for the event's one room in another way.
         *
         * @param ifNever the failure if the deadline comes first
         */
        record RepeatForRoom(OneRoom room, Duration pause, Failure ifNever) implements Decision {}

        /** Forget the session and call again at once. */
        record RepeatWithoutSession() implements Decision {}

        /**
         * Call again at once without the session, to learn whether it was refused or the account.
         *
         * @param doubt what the call with the session was answered
         */
        record RepeatDoubtingSession(Failure doubt) implements Decision {}

        /** Give up, and the room with it, which is nobody's. */
        record Discard(ConnectAnswer answer, Failure failure) implements Decision {}
    }

    /**
     * Whether a call counts towards the attempts of its event. Not if it says more about everybody's calls than about this
     * event's: the plan is used up, the credentials are refused, the provider is down, others fail as well.
     */
    public static boolean isAttempt(CallOutcome outcome, Spread spread) {
        return switch (outcome) {
            case CallOutcome.Busy busy -> false;
            case CallOutcome.CredentialsRefused refused -> spread == Spread.THIS_EVENT;
            case CallOutcome.QuotaExhausted exhausted -> spread == Spread.THIS_EVENT;
            case CallOutcome.SessionGone gone -> false;
            case CallOutcome.SessionDoubted doubted -> false;
            case CallOutcome.Conflict conflict -> true;
            case CallOutcome.Unavailable unavailable -> spread == Spread.THIS_EVENT;
            case CallOutcome.NotSent notSent -> spread == Spread.THIS_EVENT;
            case CallOutcome.Unknown unknown -> spread == Spread.THIS_EVENT;
            case CallOutcome.ProtocolError error -> spread == Spread.THIS_EVENT;
            case CallOutcome.Connected connected -> true;
            case CallOutcome.Rejected rejected -> true;
        };
    }

    /** Decides on the outcome of a call. */
    public Decision decide(CallOutcome outcome, Situation situation, Instant now) {
        OneRoom room = situation.room();
        Decision ofRoom = room == null ? null : ofRoom(room, outcome, situation, now);
        return ofRoom != null ? ofRoom : ofCall(outcome, situation, now);
    }

    /** What follows from an answer that is about the event's one room; null if it is about anything else. */
    private @Nullable Decision ofRoom(OneRoom room, CallOutcome outcome, Situation situation, Instant now) {
        return switch (outcome) {
            case CallOutcome.Conflict conflict ->
                another(
                        room.taken(),
                        conflict.retryAfter(),
                        new Failure(ErrorCategory.SESSION_CONFLICT, conflict.httpStatus(), conflict.detail()),
                        situation,
                        now);
            case CallOutcome.SessionGone gone ->
                room.join() && !situation.sessionSent()
                        ? another(
                                room.notThere(),
                                null,
                                new Failure(ErrorCategory.SESSION_CONFLICT, gone.httpStatus(), gone.detail()),
                                situation,
                                now)
                        : null;
            // Whatever is wrong with the request itself, the call that creates the room is told so, too.
            case CallOutcome.Rejected rejected ->
                room.join() ? another(room.notThere(), null, rejected.failure(), situation, now) : null;
            default -> null;
        };
    }

    /** A key that is taken by a room nobody can join is given up for another one, but not for ever. */
    private Decision another(
            OneRoom next, @Nullable Duration retryAfter, Failure failure, Situation situation, Instant now) {
        if (next.generation() > MOST_KEYS) {
            return new Decision.Fail(failure);
        }
        // Whose room is there already joins it at once.
        Duration pause = next.join() && next.rounds() == 0 ? Duration.ZERO : backoff.after(next.rounds() + 1);
        return new Decision.RepeatForRoom(
                next, within(Duration.between(now, situation.deadline()), longer(pause, retryAfter)), failure);
    }

    private Decision ofCall(CallOutcome outcome, Situation situation, Instant now) {
        return switch (outcome) {
            case CallOutcome.Connected connected -> connected(connected.answer(), situation);
            case CallOutcome.Rejected rejected -> new Decision.Fail(rejected.failure());
            case CallOutcome.CredentialsRefused refused -> refused(refused.failure(), situation, now);
            case CallOutcome.QuotaExhausted exhausted -> refused(exhausted.failure(), situation, now);
            case CallOutcome.SessionDoubted doubted -> new Decision.RepeatDoubtingSession(doubted.failure());
            case CallOutcome.Conflict conflict -> conflict(conflict, situation, now);
            case CallOutcome.SessionGone gone -> sessionGone(gone, situation);
            case CallOutcome.ProtocolError error -> protocolError(error, situation, now);
            case CallOutcome.Busy busy ->
                new Decision.RepeatFirst(new Failure(ErrorCategory.PROVIDER_BUSY, busy.httpStatus(), busy.detail()));
            case CallOutcome.Unavailable unavailable ->
                repeat(
                        unavailable.retryAfter(),
                        new Failure(ErrorCategory.PROVIDER_UNAVAILABLE, unavailable.httpStatus(), unavailable.detail()),
                        situation,
                        now);
            case CallOutcome.NotSent notSent ->
                repeat(null, Failure.of(ErrorCategory.PROVIDER_UNAVAILABLE, notSent.reason()), situation, now);
            case CallOutcome.Unknown unknown -> unknown(unknown, situation, now);
        };
    }

    /** The account is good, so it is the session that was refused; and the event wants no other one. */
    private static Decision connected(ConnectAnswer answer, Situation situation) {
        Failure doubt = situation.doubt();
        return doubt != null && (situation.sessionNamedByEvent() || situation.optionsNameSession())
                ? new Decision.Discard(
                        answer, new Failure(ErrorCategory.SESSION_INVALID, doubt.httpStatus(), doubt.detail()))
                : new Decision.Succeed(answer);
    }

    private Decision refused(Failure failure, Situation situation, Instant now) {
        return situation.spread() == Spread.THIS_EVENT
                ? repeat(null, failure, situation, now)
                : new Decision.RepeatFirst(failure);
    }

    private static Decision sessionGone(CallOutcome.SessionGone gone, Situation situation) {
        if (situation.sessionSent() && !situation.sessionNamedByEvent()) {
            return new Decision.RepeatWithoutSession();
        }
        return new Decision.Fail(new Failure(
                situation.sessionNamedByEvent() || situation.optionsNameSession()
                        ? ErrorCategory.SESSION_INVALID
                        : refusal(gone.httpStatus()),
                gone.httpStatus(),
                gone.detail()));
    }

    /** Of a session that nobody has named. */
    private static ErrorCategory refusal(int status) {
        return status == 403 ? ErrorCategory.FORBIDDEN : ErrorCategory.INVALID_REQUEST;
    }

    /** Briefly: who makes the room at this moment is done in a second; whom the key belongs to is not. */
    private Decision conflict(CallOutcome.Conflict conflict, Situation situation, Instant now) {
        Failure failure = new Failure(ErrorCategory.SESSION_CONFLICT, conflict.httpStatus(), conflict.detail());
        if (situation.attempts() >= maxAttempts) {
            return new Decision.Fail(failure);
        }
        Duration pause = longer(backoff.after(Math.max(1, situation.attempts())), conflict.retryAfter());
        return new Decision.Repeat(within(Duration.between(now, situation.deadline()), pause), failure);
    }

    /** Asking again would be answered the same; unless it is everybody who is answered so. */
    private Decision protocolError(CallOutcome.ProtocolError error, Situation situation, Instant now) {
        Failure failure =
                new Failure(ErrorCategory.PROTOCOL_ERROR, error.httpStatus(), TextNode.valueOf(error.reason()));
        return repeatUnknown && situation.spread() != Spread.THIS_EVENT
                ? repeat(null, failure, situation, now)
                : new Decision.Fail(failure);
    }

    private Decision unknown(CallOutcome.Unknown unknown, Situation situation, Instant now) {
        Failure failure = Failure.of(ErrorCategory.OUTCOME_UNKNOWN, unknown.reason());
        return repeatUnknown ? repeat(null, failure, situation, now) : new Decision.Fail(failure);
    }

    /**
     * Again after the longer of what the provider asks for and the back-off. Only attempts that are used up end an event
     * that has time left.
     */
    private Decision repeat(@Nullable Duration retryAfter, Failure failure, Situation situation, Instant now) {
        Duration pause = backoff.after(Math.max(1, situation.failures()));
        Duration left = Duration.between(now, situation.deadline());
        return switch (situation.spread()) {
            case THIS_EVENT ->
                situation.attempts() < maxAttempts
                        ? new Decision.Repeat(within(left, longer(pause, retryAfter)), failure)
                        : new Decision.Fail(failure);
            // For as long as the provider asks for, nobody is let to it anyway.
            case OTHERS_TOO -> new Decision.Repeat(within(left.dividedBy(2), pause), failure);
            // There is no call before the provider is back, and then there are others to call first.
            case EVERYBODY -> new Decision.Repeat(Duration.ZERO, failure);
        };
    }

    private static Duration longer(Duration pause, @Nullable Duration other) {
        return other != null && other.compareTo(pause) > 0 ? other : pause;
    }

    private static Duration within(Duration most, Duration pause) {
        Duration shorter = most.compareTo(pause) < 0 ? most : pause;
        return shorter.isNegative() ? Duration.ZERO : shorter;
    }
}
