package dev.serai;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;

/**
 * The endpoints of health and metrics, which Camel makes. It answers 406 where the {@code Accept} header does not have the
 * one type that it says to produce, though {@code text/plain} is what metrics are; and 405 to {@code HEAD}. Scrapers and
 * probes are asked nothing: each gets what there is, with its type. Stateless.
 */
final class ObserveEndpoints {
    static final String PATH = "/observe";

    private static final String ANY_TYPE = "*/*";

    private ObserveEndpoints() {}

    /** To be called once Camel has started, when all of them are there. */
    static void openToAll(CamelContext context) {
        Router router = Objects.requireNonNull(
                        context.hasService(ManagementHttpServer.class), "the management server was switched on")
                .getRouter();
        for (Route route : router.getRoutes()) {
            String path = route.getPath();
            if (path != null && path.startsWith(PATH)) {
                route.produces(ANY_TYPE).method(HttpMethod.HEAD);
            }
        }
    }
}
