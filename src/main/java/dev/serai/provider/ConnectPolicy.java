package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.event.ErrorCategory;
import dev.serai.event.Failure;
import dev.serai.event.Json;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What to do after a call: the last column of the contract's section 3. A pure function but for the back-off's jitter.
 * Thread-safe as far as that is.
 *
 * @param maxAttempts calls for one event at most; a call that only leaves out a session that is gone is not counted
 */
public record ConnectPolicy(int maxAttempts, Backoff backoff) {

    /** Where an event stands when its call came back. */
    public interface Situation {
        /** Calls so far, the last one included, those without a session that was gone not. */
        int countedAttempts();

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

        /** Wait, then call again. */
        record Repeat(Duration pause) implements Decision {}

        /** Forget the session and call again at once. */
        record RepeatWithoutSession() implements Decision {}
    }

    /** Decides on the outcome of a call. */
    public Decision decide(CallOutcome outcome, Situation situation, Instant now) {
        return switch (outcome) {
            case CallOutcome.Connected connected -> new Decision.Succeed(connected.answer());
            case CallOutcome.Rejected rejected -> new Decision.Fail(rejected.failure());
            case CallOutcome.CredentialsRefused refused -> new Decision.Fail(refused.failure());
            case CallOutcome.SessionGone gone -> sessionGone(gone, situation);
            case CallOutcome.ProtocolError error ->
                new Decision.Fail(new Failure(
                        ErrorCategory.PROTOCOL_ERROR, error.httpStatus(), TextNode.valueOf(error.reason())));
            case CallOutcome.Busy busy ->
                repeat(
                        busy.retryAfter(),
                        new Failure(ErrorCategory.PROVIDER_BUSY, busy.httpStatus(), busy.detail()),
                        situation,
                        now);
            case CallOutcome.Unavailable unavailable ->
                repeat(
                        unavailable.retryAfter(),
                        new Failure(ErrorCategory.PROVIDER_UNAVAILABLE, unavailable.httpStatus(), unavailable.detail()),
                        situation,
                        now);
            case CallOutcome.NotSent notSent ->
                repeat(null, Failure.of(ErrorCategory.PROVIDER_UNAVAILABLE, notSent.reason()), situation, now);
            case CallOutcome.Unknown unknown ->
                repeat(null, Failure.of(ErrorCategory.OUTCOME_UNKNOWN, unknown.reason()), situation, now);
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

    /** Again after the longer of what the provider asks for and the back-off, while attempts and deadline allow it. */
    private Decision repeat(@Nullable Duration retryAfter, Failure failure, Situation situation, Instant now) {
        int attempts = situation.countedAttempts();
        if (attempts >= maxAttempts) {
            return new Decision.Fail(failure);
        }
        Duration pause = backoff.after(attempts);
        if (retryAfter != null && retryAfter.compareTo(pause) > 0) {
            pause = retryAfter;
        }
        return now.plus(pause).isBefore(situation.deadline())
                ? new Decision.Repeat(pause)
                : new Decision.Fail(
                        new Failure(failure.category(), failure.httpStatus(), beforeDeadline(failure.detail(), pause)));
    }

    private static JsonNode beforeDeadline(JsonNode detail, Duration pause) {
        return TextNode.valueOf(
                Json.text(detail) + " (the deadline comes before the next attempt in " + pause.toMillis() + " ms)");
    }
}
