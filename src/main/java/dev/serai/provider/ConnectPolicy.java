package dev.serai.provider;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.event.ErrorCategory;
import dev.serai.event.Failure;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What to do after a call: the last column of the contract's section 3. A pure function but for the back-off's jitter.
 * Thread-safe as far as that is.
 *
 * @param maxAttempts calls of one event that may fail, see {@link #isAttempt}
 * @param repeatUnknown whether to call again when a request was sent and no answer came, at the risk of a session that
 *     nobody joins
 */
public record ConnectPolicy(int maxAttempts, boolean repeatUnknown, Backoff backoff) {

    /** Where an event stands when its call came back. */
    public interface Situation {
        /** Its attempts so far, the last call included if it was one. */
        int attempts();

        /** Whether the last request named a session to go on with. */
        boolean sessionSent();

        /** Whether that session was named by the event itself. */
        boolean sessionNamedByEvent();

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

        /** Forget the session and call again at once. */
        record RepeatWithoutSession() implements Decision {}
    }

    /**
     * Whether a call counts towards the attempts of its event. Not if it says more about everybody's calls than about this
     * event's: the plan is used up, the credentials are refused, the provider is down. A call that may have left a session
     * counts always.
     *
     * @param outage whether the provider fails as a whole
     */
    public static boolean isAttempt(CallOutcome outcome, boolean outage) {
        return switch (outcome) {
            case CallOutcome.Busy busy -> false;
            case CallOutcome.CredentialsRefused refused -> false;
            case CallOutcome.SessionGone gone -> false;
            case CallOutcome.Unavailable unavailable -> !outage;
            case CallOutcome.NotSent notSent -> !outage;
            case CallOutcome.Connected connected -> true;
            case CallOutcome.Rejected rejected -> true;
            case CallOutcome.Unknown unknown -> true;
            case CallOutcome.ProtocolError error -> true;
        };
    }

    /** Decides on the outcome of a call. */
    public Decision decide(CallOutcome outcome, Situation situation, Instant now) {
        return switch (outcome) {
            case CallOutcome.Connected connected -> new Decision.Succeed(connected.answer());
            case CallOutcome.Rejected rejected -> new Decision.Fail(rejected.failure());
            case CallOutcome.CredentialsRefused refused -> new Decision.RepeatFirst(refused.failure());
            case CallOutcome.SessionGone gone -> sessionGone(gone, situation);
            case CallOutcome.ProtocolError error ->
                new Decision.Fail(new Failure(
                        ErrorCategory.PROTOCOL_ERROR, error.httpStatus(), TextNode.valueOf(error.reason())));
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

    private static Decision sessionGone(CallOutcome.SessionGone gone, Situation situation) {
        if (situation.sessionSent() && !situation.sessionNamedByEvent()) {
            return new Decision.RepeatWithoutSession();
        }
        ErrorCategory category =
                situation.sessionSent() ? ErrorCategory.SESSION_INVALID : ErrorCategory.INVALID_REQUEST;
        return new Decision.Fail(new Failure(category, gone.httpStatus(), gone.detail()));
    }

    private Decision unknown(CallOutcome.Unknown unknown, Situation situation, Instant now) {
        Failure failure = Failure.of(ErrorCategory.OUTCOME_UNKNOWN, unknown.reason());
        return repeatUnknown ? repeat(null, failure, situation, now) : new Decision.Fail(failure);
    }

    /** Again after the longer of what the provider asks for and the back-off, while attempts and deadline allow it. */
    private Decision repeat(@Nullable Duration retryAfter, Failure failure, Situation situation, Instant now) {
        int attempts = situation.attempts();
        if (attempts >= maxAttempts) {
            return new Decision.Fail(failure);
        }
        Duration pause = backoff.after(Math.max(1, attempts));
        if (retryAfter != null && retryAfter.compareTo(pause) > 0) {
            pause = retryAfter;
        }
        return now.plus(pause).isBefore(situation.deadline())
                ? new Decision.Repeat(pause, failure)
                : new Decision.Fail(
                        failure.noting("the deadline comes before the next attempt in " + pause.toMillis() + " ms"));
    }
}
