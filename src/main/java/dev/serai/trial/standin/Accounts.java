package dev.serai.trial.standin;

import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who calls: each API key is an account of its own, counted from 1 in the order of the options. Immutable. */
final class Accounts {

    /** The header that says who calls in place of {@link CallServer#API_KEY_HEADER}, with an open session's id. */
    static final String SESSION_HEADER = "API-AUTH-TOKEN";

    private final Map<String, Integer> byKey = new HashMap<>();
    private final OpenSessions sessions;

    Accounts(StandInOptions options, OpenSessions sessions) {
        this.sessions = sessions;
        byKey.put(options.apiKey(), 1);
        options.otherApiKeys().forEach(key -> byKey.put(key, byKey.size() + 1));
    }

    /** Null if neither header lets the call in; a wrong API key does not, whatever session comes with it. */
    @Nullable
    Integer of(HttpServerRequest request) {
        String key = request.getHeader(CallServer.API_KEY_HEADER);
        if (key != null) {
            return ofKey(key);
        }
        String session = request.getHeader(SESSION_HEADER);
        return session == null ? null : sessions.accountOf(session);
    }

    @Nullable
    Integer ofKey(@Nullable String key) {
        return byKey.get(key);
    }
}
