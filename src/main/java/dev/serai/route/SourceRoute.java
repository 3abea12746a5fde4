package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.enrich.Piece;
import dev.serai.enrich.SourceFailedException;
import dev.serai.enrich.SourceFailedException.Reason;
import dev.serai.enrich.SourceLookUp;
import dev.serai.enrich.Wanted;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.hc.client5.http.ConnectTimeoutException;

/**
 * A source that is asked through the routes {@code enrich-scene} and {@code enrich-dynamic-info}: they get the reference as
 * the body, and reference, tenant and source as headers, and leave the answer in the body; see {@link SourceAnswer}.
 * Thread-safe.
 */
public final class SourceRoute implements SourceLookUp<Wanted, JsonNode> {
    /** The headers that a source's route gets. */
    public static final String REFERENCE = "reference";

    public static final String TENANT = "tenant";

    /** The property that names the source's own route. */
    static final String SOURCE_ROUTE = "source-route";

    private static final List<Class<? extends Throwable>> TIME_OUTS = List.of(
            SocketTimeoutException.class,
            TimeoutException.class,
            SQLTimeoutException.class,
            ConnectTimeoutException.class);
    private static final List<Class<? extends Throwable>> NO_CONNECTIONS = List.of(
            ConnectException.class,
            NoRouteToHostException.class,
            UnknownHostException.class,
            SQLTransientConnectionException.class,
            SQLNonTransientConnectionException.class);

    /** Of SQL states (ISO 9075, and PostgreSQL's appendix A): a statement that was cancelled, as one that took too long. */
    private static final String STATEMENT_CANCELLED = "57014";

    private static final String CONNECTION_EXCEPTION = "08";

    private final String source;
    private final ProducerTemplate routes;
    private final String pieceEndpoint;
    private final String sourceRoute;

    /**
     * @param source its name
     * @param sourceRoute the id of the route that asks it, which begins at {@code direct:} and its id
     */
    public SourceRoute(String source, Piece piece, String sourceRoute, ProducerTemplate routes) {
        this.source = source;
        this.routes = routes;
        pieceEndpoint = switch (piece) {
            case SCENE -> "direct:enrich-scene";
            case DYNAMIC_INFO -> "direct:enrich-dynamic-info";
        };
        this.sourceRoute = sourceRoute;
    }

    @Override
    public Optional<JsonNode> lookUp(Wanted wanted) throws SourceFailedException {
        Exchange exchange = routes.send(pieceEndpoint, begun -> {
            begun.getMessage().setBody(wanted.reference());
            begun.getMessage().setHeader(REFERENCE, wanted.reference());
            begun.getMessage().setHeader(TENANT, wanted.tenant());
            begun.setProperty(SOURCE_ROUTE, sourceRoute);
        });
        if (exchange.getException() != null) {
            throw failed(exchange);
        }
        return SourceAnswer.of(source, exchange.getMessage().getBody());
    }

    private SourceFailedException failed(Exchange exchange) {
        SourceFailedException own = exchange.getException(SourceFailedException.class);
        if (own != null) {
            return own;
        }
        AnswerRefusedException refused = exchange.getException(AnswerRefusedException.class);
        if (refused != null) {
            return new SourceFailedException(
                    Reason.UNUSABLE,
                    "the answer of source " + source + " cannot be used: " + refused.reason(),
                    refused);
        }
        Throwable failure = exchange.getException();
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        // What others' exceptions say may be private: the class tells enough.
        return new SourceFailedException(
                reason(failure),
                "source " + source + " failed"
                        + FailedStep.of(failure).map(step -> " in " + step).orElse("") + ": "
                        + root.getClass().getName(),
                failure);
    }

    private static Reason reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isOneOf(TIME_OUTS, cause) || hasSqlState(cause, STATEMENT_CANCELLED)) {
                return Reason.TIMED_OUT;
            }
            if (isOneOf(NO_CONNECTIONS, cause) || hasSqlState(cause, CONNECTION_EXCEPTION)) {
                return Reason.UNREACHABLE;
            }
        }
        return Reason.FAILED;
    }

    private static boolean isOneOf(List<Class<? extends Throwable>> classes, Throwable failure) {
        return classes.stream().anyMatch(type -> type.isInstance(failure));
    }

    private static boolean hasSqlState(Throwable failure, String beginning) {
        return failure instanceof SQLException sql
                && sql.getSQLState() != null
                && sql.getSQLState().startsWith(beginning);
    }
}
