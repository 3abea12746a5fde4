package dev.serai.trial.standin;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /disconnect?session_id=UUID} (contract, section 3): no API key is asked for, and a session that is not open is
 * answered as one that is. A malformed id meets no fault and uses none up.
 */
final class DisconnectHandler implements Handler<RoutingContext> {

    static final String PATH = "/disconnect";

    private static final Pattern UUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private final CallServer calls;
    private final OpenSessions sessions;

    DisconnectHandler(CallServer calls, OpenSessions sessions) {
        this.calls = calls;
        this.sessions = sessions;
    }

    @Override
    public void handle(RoutingContext context) {
        @Nullable String sessionId = context.queryParams().get("session_id");
        if (sessionId == null || !UUID.matcher(sessionId).matches()) {
            calls.refuse(context, CallKind.DISCONNECT, null, Answer.detail(400, "Invalid session ID format"));
            return;
        }
        calls.serve(context, CallKind.DISCONNECT, null, () -> {
            sessions.disconnect(sessionId);
            return Future.succeededFuture(
                    Answer.json(200, new JsonObject().put("status", "success").put("message", "Session disconnected")));
        });
    }
}
