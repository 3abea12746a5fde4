package dev.serai.trial.standin;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The admin API under {@link StandIn#ADMIN_PATH}: what {@link StandIn} offers in Java, for users outside its process. Its
 * own requests are not recorded, delayed or faulted.
 */
final class AdminHandler {

    private static final int DEFAULT_LIMIT = 1_000;

    private final CallLog log;
    private final FaultBook faults;
    private final ConversationMemory conversations;
    private final OpenSessions sessions;
    private final CallServer calls;
    private final SessionRules startRules;

    AdminHandler(
            CallLog log,
            FaultBook faults,
            ConversationMemory conversations,
            OpenSessions sessions,
            CallServer calls,
            SessionRules startRules) {
        this.log = log;
        this.faults = faults;
        this.conversations = conversations;
        this.sessions = sessions;
        this.calls = calls;
        this.startRules = startRules;
    }

    /** Adds the admin routes and, behind them, a 404 for every other path under {@link StandIn#ADMIN_PATH}. */
    void addTo(Router router) {
        String path = StandIn.ADMIN_PATH;
        router.get(path + "/health").handler(context -> json(context, 200, new JsonObject().put("status", "UP")));
        router.get(path + "/summary")
                .handler(context -> json(context, 200, AdminJson.json(log.summary(), sessions.held())));
        router.get(path + "/calls").handler(strictly(this::listCalls));
        router.delete(path + "/calls").handler(context -> done(context, log::clear));
        router.get(path + "/faults").handler(this::listFaults);
        router.post(path + "/faults").handler(strictly(this::addFault));
        router.delete(path + "/faults").handler(context -> done(context, faults::clear));
        router.get(path + "/latency").handler(context -> json(context, 200, AdminJson.json(calls.latency())));
        router.put(path + "/latency").handler(strictly(this::setLatency));
        router.delete(path + "/latency").handler(context -> done(context, () -> calls.latency(Latency.NONE)));
        router.put(path + "/session-limit").handler(strictly(this::limitSessions));
        router.delete(path + "/session-limit").handler(context -> done(context, sessions::unlimit));
        router.delete(path + "/sessions").handler(context -> done(context, conversations::forget));
        new AdminSessions(sessions, startRules).addTo(router);
        router.route(path + "/*").handler(context -> detail(context, 404, "no such admin resource or method"));
    }

    private void listCalls(RoutingContext context) {
        long after = parameter(context, "after", 0, Long.MAX_VALUE);
        int limit = (int) parameter(context, "limit", DEFAULT_LIMIT, CallLog.MAX_CALLS);
        String characterId = context.request().getParam("character_id");
        JsonArray listed = new JsonArray();
        log.calls(
                        call -> call.number() > after
                                && (characterId == null || characterId.equals(call.characterId())),
                        limit)
                .forEach(call -> listed.add(AdminJson.json(call)));
        json(context, 200, new JsonObject().put("calls", listed));
    }

    private void listFaults(RoutingContext context) {
        JsonArray left = new JsonArray();
        faults.left().forEach(script -> left.add(AdminJson.json(script)));
        json(context, 200, new JsonObject().put("faults", left));
    }

    private void addFault(RoutingContext context) {
        FaultScript script = AdminOrders.script(CallServer.body(context));
        faults.add(script);
        json(context, 201, AdminJson.json(script));
    }

    private void setLatency(RoutingContext context) {
        Latency latency = AdminOrders.latency(CallServer.body(context));
        calls.latency(latency);
        json(context, 200, AdminJson.json(latency));
    }

    private void limitSessions(RoutingContext context) {
        AdminInput input =
                AdminInput.parse("session limit", CallServer.body(context)).only("max_sessions", "held_for_ms");
        sessions.limit(
                input.number("max_sessions", 0, Integer.MAX_VALUE),
                input.has("held_for_ms") ? input.millis("held_for_ms") : null);
        done(context, () -> {});
    }

    private static long parameter(RoutingContext context, String name, long otherwise, long max) {
        String text = context.request().getParam(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= 0 && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Answered below, as a number out of bounds is.
        }
        throw new BadAdminInput(name + " should be a whole number from 0 to " + max + ", was " + text);
    }

    static Handler<RoutingContext> strictly(Consumer<RoutingContext> action) {
        return context -> {
            try {
                action.accept(context);
            } catch (BadAdminInput e) {
                detail(context, 400, e.getMessage());
            }
        };
    }

    static void done(RoutingContext context, Runnable action) {
        action.run();
        context.response().setStatusCode(204).end();
    }

    private static void detail(RoutingContext context, int status, @Nullable String detail) {
        json(context, status, new JsonObject().put("detail", detail));
    }

    static void json(RoutingContext context, int status, JsonObject body) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, Answer.JSON)
                .end(body.encode());
    }
}
