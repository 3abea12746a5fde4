package dev.serai.source.kind;

import dev.serai.http.AnswerRefusedException;
import dev.serai.route.FailedStep;
import dev.serai.source.SourceFailedException;
import dev.serai.source.SourceFailedException.Reason;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Says of a look-up that failed what was seen of it: the HTTP status or the SQLState, and the host. What others' exceptions
 * say is left out: a database quotes values, and a route of a user's own anything. Immutable.
 *
 * @param source its name
 * @param host where the source is; empty if it is nowhere in particular
 * @param route the id of the route that asks it
 */
public record SourceFailures(String source, String host, String route) {
    private static final List<Class<? extends Throwable>> TIME_OUTS = List.of(
            SocketTimeoutException.class,
            TimeoutException.class,
            SQLTimeoutException.class,
            ConnectTimeoutException.class);
    private static final List<Class<? extends Throwable>> NO_CONNECTIONS = List.of(
            ConnectException.class,
            NoRouteToHostException.class,
            UnknownHostException.class,
            SSLException.class,
            SQLTransientConnectionException.class,
            SQLNonTransientConnectionException.class);

    /** As whoever asks the source is told. */
    SourceFailedException of(Throwable failure) {
        SourceFailedException own = first(SourceFailedException.class, failure);
        if (own != null) {
            String evidence = own.evidence() == null ? String.valueOf(own.getMessage()) : own.evidence();
            return failed(own.reason(), evidence, host, own);
        }
        AnswerRefusedException refused = first(AnswerRefusedException.class, failure);
        if (refused != null) {
            return new SourceFailedException(
                    Reason.UNUSABLE,
                    "the answer of source " + source + " cannot be used: " + refused.reason(),
                    at(host, refused.reason()),
                    refused);
        }
        HttpOperationFailedException answered = first(HttpOperationFailedException.class, failure);
        if (answered != null) {
            int status = answered.getStatusCode();
            return failed(HttpSource.reason(status), "status " + status, hostOf(answered.getUri()), failure);
        }
        return failed(reason(failure), seen(failure), host, failure);
    }

    private SourceFailedException failed(Reason reason, String seen, String where, Throwable cause) {
        String evidence = at(where, seen);
        return new SourceFailedException(reason, "source " + source + ": " + evidence, evidence, cause);
    }

    private static String at(String where, String seen) {
        return where.isEmpty() ? seen : seen + " at " + where;
    }

    /** What a database says of a connection or a query that was tried without values of anybody's; may hold secrets. */
    public static String ofTrial(SQLException failure) {
        Throwable root = ExceptionUtils.getRootCause(failure);
        String said = String.valueOf(root.getMessage()).strip().replaceAll("\\s*[\\r\\n]+\\s*", "; ");
        return SqlStates.text(failure).map(state -> state + ": " + said).orElse(said);
    }

    private static Reason reason(Throwable failure) {
        for (Throwable cause : ExceptionUtils.getThrowableList(failure)) {
            if (isOneOf(TIME_OUTS, cause) || SqlStates.isCancelled(cause)) {
                return Reason.TIMED_OUT;
            }
            if (isOneOf(NO_CONNECTIONS, cause) || SqlStates.isNoConnection(cause)) {
                return Reason.UNREACHABLE;
            }
            if (SqlStates.isOfValues(cause)) {
                return Reason.REFUSED;
            }
        }
        return Reason.FAILED;
    }

    private String seen(Throwable failure) {
        Optional<String> sqlState = SqlStates.text(failure);
        return sqlState.or(() -> connection(failure)).orElseGet(() -> {
            if (first(SQLException.class, failure) != null) {
                return "no connection of its pool was free or could be made in time";
            }
            if (reason(failure) == Reason.TIMED_OUT) {
                return "no answer in time";
            }
            return ExceptionUtils.getRootCause(failure).getClass().getSimpleName() + " in "
                    + FailedStep.of(failure).orElse("route " + route);
        });
    }

    /** Why there is no connection, in the words of this class; empty if the failure is another one. */
    static Optional<String> connection(Throwable failure) {
        return ExceptionUtils.getThrowableList(failure).reversed().stream()
                .flatMap(cause -> switch (cause) {
                    case UnknownHostException unknown -> Stream.of("no address for its name");
                    case NoRouteToHostException noRoute -> Stream.of("no route to it");
                    case ConnectTimeoutException late -> Stream.of("no connection in time");
                    case ConnectException refused -> Stream.of("connection refused");
                    case SSLException noTls -> Stream.of("no TLS connection (" + tls(failure) + ")");
                    default -> Stream.empty();
                })
                .findFirst();
    }

    /** What the JDK says of a certificate or a handshake. */
    private static String tls(Throwable failure) {
        Throwable root = ExceptionUtils.getRootCause(failure);
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    private static String hostOf(String uri) {
        try {
            return String.valueOf(URI.create(uri).getAuthority()).replaceFirst(".*@", "");
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean isOneOf(List<Class<? extends Throwable>> classes, Throwable failure) {
        return classes.stream().anyMatch(type -> type.isInstance(failure));
    }

    private static <T extends Throwable> @Nullable T first(Class<T> type, Throwable failure) {
        return ExceptionUtils.getThrowableList(failure).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }
}
