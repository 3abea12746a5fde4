package dev.serai.connect.answer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.Failure;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one call of {@code POST /connect} came to. Exhaustively switched, so that a new kind of outcome does not compile
 * until every consequence is decided. Details are free of secrets.
 */
public sealed interface CallOutcome {

    /** A name for metrics and logs. */
    default String label() {
        return switch (this) {
            case Connected connected -> "connected";
            case Rejected rejected -> "rejected";
            case SessionGone sessionGone -> "session_gone";
            case Busy busy -> "busy";
            case Unavailable unavailable -> "unavailable";
            case NotSent notSent -> "not_sent";
            case Unknown unknown -> "unknown";
            case CredentialsRefused credentialsRefused -> "credentials_refused";
            case QuotaExhausted quotaExhausted -> "quota_exhausted";
            case SessionDoubted sessionDoubted -> "session_doubted";
            case Conflict conflict -> "conflict";
            case ProtocolError protocolError -> "protocol_error";
        };
    }

    /** Whether a session may exist that nobody will join: the answer was lost, or was of no use. */
    default boolean mayHaveLeftSession() {
        return this instanceof Unknown || this instanceof ProtocolError;
    }

    /** Whether the provider did not do its work, whoever is to blame. */
    default boolean isFailure() {
        return switch (this) {
            case Unavailable unavailable -> true;
            case NotSent notSent -> true;
            case Unknown unknown -> true;
            case ProtocolError protocolError -> true;
            case Connected connected -> false;
            case Rejected rejected -> false;
            case SessionGone sessionGone -> false;
            case Busy busy -> false;
            case CredentialsRefused credentialsRefused -> false;
            case QuotaExhausted quotaExhausted -> false;
            case SessionDoubted sessionDoubted -> false;
            case Conflict conflict -> false;
        };
    }

    /** Whether the call has failed, or was refused through no fault of its event: the provider was busy, or refuses the account. */
    default boolean isInVain() {
        return switch (this) {
            case Unavailable unavailable -> true;
            case NotSent notSent -> true;
            case Unknown unknown -> true;
            case ProtocolError protocolError -> true;
            case Busy busy -> true;
            case CredentialsRefused credentialsRefused -> true;
            case QuotaExhausted quotaExhausted -> true;
            case Connected connected -> false;
            case Rejected rejected -> false;
            case SessionGone sessionGone -> false;
            case SessionDoubted sessionDoubted -> false;
            case Conflict conflict -> false;
        };
    }

    /** What the provider did, for the log: in our words, not in its own. */
    default String text() {
        return switch (this) {
            case Connected connected -> "it opened a session";
            case Rejected rejected -> answered(rejected.failure().httpStatus());
            case SessionGone gone -> answered(gone.httpStatus());
            case Busy busy -> answered(busy.httpStatus());
            case Unavailable unavailable -> answered(unavailable.httpStatus());
            case NotSent notSent -> notSent.reason();
            case Unknown unknown -> unknown.reason();
            case CredentialsRefused refused -> answered(refused.failure().httpStatus());
            case QuotaExhausted exhausted -> answered(exhausted.failure().httpStatus());
            case SessionDoubted doubted -> answered(doubted.failure().httpStatus());
            case Conflict conflict -> answered(conflict.httpStatus());
            case ProtocolError error -> answered(error.httpStatus()) + ", " + error.reason();
        };
    }

    private static String answered(@Nullable Integer status) {
        return "it answers " + status;
    }

    /** A session is open. */
    record Connected(ConnectAnswer answer) implements CallOutcome {}

    /** The provider said no to this request; asking again would not help. */
    record Rejected(Failure failure) implements CallOutcome {}

    /** The session that the request named is gone; the same request without it can succeed. */
    record SessionGone(int httpStatus, JsonNode detail) implements CallOutcome {}

    /** The plan's concurrency or the rate is used up for now. */
    record Busy(int httpStatus, JsonNode detail, @Nullable Duration retryAfter) implements CallOutcome {}

    /** The provider answered that it cannot at the moment; no session was opened. */
    record Unavailable(
            int httpStatus, JsonNode detail, @Nullable Duration retryAfter) implements CallOutcome {}

    /**
     * The request never left, or not as a whole: refused, no such host, no route, TLS handshake. Always safe to repeat.
     *
     * @param answered whether something came before it was written to its end, so that it may be this request's own
     */
    record NotSent(String reason, boolean answered) implements CallOutcome {}

    /** The request was sent and no answer came: a session may exist. */
    record Unknown(String reason) implements CallOutcome {}

    /** The API key or the account was refused: every other call would be, too. */
    record CredentialsRefused(Failure failure) implements CallOutcome {}

    /** The plan of the account is used up, mostly for the month: every other call would be answered so, too. */
    record QuotaExhausted(Failure failure) implements CallOutcome {}

    /** Either the session that the request named was refused, or the account: the same request without it tells which. */
    record SessionDoubted(Failure failure) implements CallOutcome {}

    /**
     * The request's {@code shared_session_key} is in use: another one with it is just being worked on, or has other parameters.
     */
    record Conflict(
            int httpStatus, JsonNode detail, @Nullable Duration retryAfter) implements CallOutcome {}

    /**
     * A success that cannot be used: a session may exist.
     *
     * @param unusableSessions those that it names all the same, and that are there to be ended; mostly none
     */
    record ProtocolError(int httpStatus, String reason, List<SessionId> unusableSessions) implements CallOutcome {
        public ProtocolError {
            unusableSessions = List.copyOf(unusableSessions);
        }

        public ProtocolError(int httpStatus, String reason) {
            this(httpStatus, reason, List.of());
        }
    }
}
