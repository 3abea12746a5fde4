package dev.serai.route;

import dev.serai.provider.CallOutcome;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;

/** Tells a request that never left from one whose answer never came. */
final class TransportFailure {
    private static final List<Class<? extends Exception>> NOTHING_SENT = List.of(
            ConnectException.class,
            ConnectTimeoutException.class,
            ConnectionRequestTimeoutException.class,
            NoRouteToHostException.class,
            UnknownHostException.class,
            SSLHandshakeException.class);

    private TransportFailure() {}

    /** The outcome of a call that ended in an exception. The exception's own text is left out: it may quote anything. */
    static CallOutcome outcome(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return NOTHING_SENT.stream().anyMatch(type -> type.isInstance(failure))
                ? new CallOutcome.NotSent("the provider could not be reached (" + name + "): nothing was sent")
                : new CallOutcome.Unknown("the request was sent and no answer came (" + name + ")");
    }
}
