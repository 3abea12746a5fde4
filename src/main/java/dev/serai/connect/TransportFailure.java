package dev.serai.connect;

import dev.serai.connect.answer.CallOutcome;
import dev.serai.http.AnswerRefusedException;
import dev.serai.http.NothingSentException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;

/** Tells a request that never left from one whose answer never came. */
public final class TransportFailure {
    private TransportFailure() {}

    /**
     * The outcome of a call that ended in an exception, or before its answer was read. The exception's own text is left
     * out: it may quote anything.
     */
    public static CallOutcome outcome(@Nullable Throwable failure) {
        return switch (failure) {
            case null -> unknown("no answer came (it was not read)");
            case NothingSentException nothingSent ->
                new CallOutcome.NotSent(
                        nothingSent.isAnswered()
                                ? nothingSent.reason() + ": it was not sent to its end"
                                : "the provider could not be reached (" + nothingSent.reason() + "): nothing was sent",
                        nothingSent.isAnswered());
            case AnswerRefusedException refused ->
                unknown("what came is not taken for its answer (" + refused.reason() + ")");
            default -> unknown("no answer came (" + failure.getClass().getSimpleName() + ")");
        };
    }

    private static CallOutcome unknown(String why) {
        return new CallOutcome.Unknown("the request was sent and " + why);
    }

    /** Whether the call was ended from within this process, not by a time-out. */
    public static boolean isInterrupt(Throwable failure) {
        Throwable end = failure instanceof NothingSentException ? failure.getCause() : failure;
        return end instanceof InterruptedIOException
                && !(end instanceof SocketTimeoutException)
                && !(end instanceof ConnectionRequestTimeoutException);
    }
}
