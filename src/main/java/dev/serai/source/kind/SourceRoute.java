package dev.serai.source.kind;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.source.Piece;
import dev.serai.source.SourceFailedException;
import dev.serai.source.SourceLookUp;
import dev.serai.source.Wanted;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

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

    private final String source;
    private final ProducerTemplate routes;
    private final String pieceEndpoint;
    private final String sourceRoute;
    private final SourceFailures failures;

    /**
     * @param source its name
     * @param host where it is, for whoever reads of a failure; empty if it is nowhere in particular
     * @param sourceRoute the id of the route that asks it, which begins at {@code direct:} and its id
     */
    public SourceRoute(String source, String host, Piece piece, String sourceRoute, ProducerTemplate routes) {
        this.source = source;
        this.routes = routes;
        pieceEndpoint = switch (piece) {
            case SCENE -> "direct:enrich-scene";
            case DYNAMIC_INFO -> "direct:enrich-dynamic-info";
        };
        this.sourceRoute = sourceRoute;
        failures = new SourceFailures(source, host, sourceRoute);
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
            throw failures.of(exchange.getException());
        }
        return SourceAnswer.of(source, exchange.getMessage().getBody());
    }
}
