package dev.serai.trial.standin;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a call is answered, before a fault has its way with it. {@link #toString()} leaves the body out.
 *
 * @param headers besides {@code Content-Type} and {@code Content-Length}
 * @param sessionMade a session was opened for this answer
 */
record Answer(int status, @Nullable String contentType, Map<String, String> headers, String body, boolean sessionMade) {

    static final String JSON = "application/json";

    static Answer json(int status, Object body) {
        return new Answer(status, JSON, Map.of(), Json.encode(body), false);
    }

    /** An error in the provider's form (contract, section 5). */
    static Answer detail(int status, Object detail) {
        return json(status, new JsonObject().put("detail", detail));
    }

    static Answer of(Fault.Status fault) {
        Map<String, String> headers = fault.retryAfter() == null ? Map.of() : Map.of("Retry-After", fault.retryAfter());
        if (fault.detail() != null) {
            String body = Json.encode(new JsonObject().put("detail", fault.detail()));
            return new Answer(fault.status(), JSON, headers, body, false);
        }
        return fault.body() == null
                ? new Answer(fault.status(), null, headers, "", false)
                : new Answer(fault.status(), JSON, headers, fault.body(), false);
    }

    static Answer of(Fault.Html fault) {
        return new Answer(fault.status(), "text/html; charset=utf-8", Map.of(), fault.body(), false);
    }

    Answer ofSession() {
        return new Answer(status, contentType, headers, body, true);
    }

    /** The first half of the body: never valid JSON, as an object or an array needs its end. */
    Answer truncated() {
        return new Answer(status, contentType, headers, body.substring(0, body.length() / 2), sessionMade);
    }

    /** Without the fields, if it is a success with an object; an error is left as it is. */
    Answer without(Set<String> fields) {
        if (status != 200 || !(Json.decodeValue(body) instanceof JsonObject object)) {
            return this;
        }
        fields.forEach(object::remove);
        return new Answer(status, contentType, headers, object.encode(), sessionMade);
    }

    @Override
    public String toString() {
        return "Answer[status=" + status + ", contentType=" + contentType + ", sessionMade=" + sessionMade + "]";
    }
}
