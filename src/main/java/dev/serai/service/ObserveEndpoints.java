package dev.serai.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.observe.HealthAnswer;
import dev.serai.observe.waiting.WaitingReport;
import dev.serai.wire.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;

/**
 * The endpoints of health, metrics, and of who waits. Camel makes those of metrics and health. It answers 406 where the
 * {@code Accept} header does not have the one type that it says to produce, though {@code text/plain} is what metrics are; and
 * 405 to {@code HEAD}. Scrapers and probes are asked nothing: each gets what there is, with its type. Stateless.
 */
final class ObserveEndpoints {
    static final String PATH = "/observe";

    private static final String WAITING = PATH + "/waiting";
    private static final String HEALTH = PATH + "/health";
    private static final int DEFAULT_EVENTS = 100;
    private static final String ANY_TYPE = "*/*";
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAVAILABLE = 503;

    /** Of health, which Camel answers as ever. */
    private static final String[] CAMELS_PARAMETERS = {"exposureLevel", "stackTrace"};

    private ObserveEndpoints() {}

    /** To be called once Camel has started, when its own are there. */
    static void open(CamelContext context, WaitingReport waiting) {
        Router router = Objects.requireNonNull(
                        context.hasService(ManagementHttpServer.class), "the management server was switched on")
                .getRouter();
        for (Route route : router.getRoutes()) {
            String path = route.getPath();
            if (path != null && path.startsWith(PATH)) {
                route.produces(ANY_TYPE).method(HttpMethod.HEAD);
            }
        }
        open(router, WAITING).blockingHandler(request -> answerWaiting(request, waiting), false);
        HealthAnswer health = new HealthAnswer(context);
        for (HealthAnswer.Probe probe : HealthAnswer.Probe.values()) {
            open(router, HEALTH + probe.path()).blockingHandler(request -> answerHealth(request, health, probe), false);
        }
    }

    /**
     * Whether a service answers there that is one of these.
     *
     * @param host that a service listens on; one on all addresses is asked on this machine's own
     * @param limit to connect, and to answer
     */
    static boolean isAnsweredBySerai(String host, int port, Duration limit) throws InterruptedException {
        boolean all = host.equals("0.0.0.0") || host.equals("::");
        try {
            URI waiting = new URI("http", null, all ? "127.0.0.1" : host, port, WAITING, "limit=1", null);
            HttpResponse<byte[]> answer = ObserveCall.get(waiting, limit);
            return answer.statusCode() == OK
                    && Json.MAPPER.readTree(answer.body()).path("events").isArray();
        } catch (IOException | URISyntaxException e) {
            return false;
        }
    }

    /** Before those that there are for the same path. */
    private static Route open(Router router, String path) {
        return router.route(path).order(-1).method(HttpMethod.GET).method(HttpMethod.HEAD);
    }

    private static void answerWaiting(RoutingContext request, WaitingReport waiting) {
        String asked = request.request().getParam("limit");
        int limit;
        try {
            limit = asked == null ? DEFAULT_EVENTS : Integer.parseInt(asked);
        } catch (NumberFormatException e) {
            limit = 0;
        }
        if (limit < 1 || limit > WaitingReport.MOST_EVENTS) {
            request.response()
                    .setStatusCode(BAD_REQUEST)
                    .putHeader("content-type", "text/plain; charset=utf-8")
                    .end("limit must be a number from 1 to " + WaitingReport.MOST_EVENTS + "\n");
            return;
        }
        end(
                request,
                waiting.oldest(
                        limit,
                        request.request().getParam("key"),
                        request.request().getParam("record")));
    }

    private static void answerHealth(RoutingContext request, HealthAnswer health, HealthAnswer.Probe probe) {
        for (String parameter : CAMELS_PARAMETERS) {
            if (request.request().getParam(parameter) != null) {
                request.next();
                return;
            }
        }
        HealthAnswer.Answer answer =
                health.to(probe, Boolean.parseBoolean(request.request().getParam("data")));
        if (!answer.isUp()) {
            request.response().setStatusCode(UNAVAILABLE);
        }
        end(request, answer.json());
    }

    private static void end(RoutingContext request, ObjectNode json) {
        request.response().putHeader("content-type", "application/json").end(Buffer.buffer(Json.bytes(json)));
    }
}
