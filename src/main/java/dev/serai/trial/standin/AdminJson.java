package dev.serai.trial.standin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the admin API answers, as JSON. */
final class AdminJson {
    private AdminJson() {}

    static JsonObject json(Latency latency) {
        return new JsonObject()
                .put("min_ms", latency.min().toMillis())
                .put("max_ms", latency.max().toMillis());
    }

    static JsonObject json(FaultScript script) {
        return new JsonObject()
                .put("path", script.path())
                .put("character_id", script.characterId())
                .put("times", script.times())
                .put("fault", json(script.fault()));
    }

    private static JsonObject json(Fault fault) {
        JsonObject json = new JsonObject().put("kind", fault.kind());
        return switch (fault) {
            case Fault.Status status ->
                json.put("status", status.status())
                        .put("detail", status.detail())
                        .put("body", status.body())
                        .put("retry_after", status.retryAfter());
            case Fault.Html html -> json.put("status", html.status()).put("body", html.body());
            case Fault.Hang hang ->
                hang.duration() == null
                        ? json
                        : json.put("for_ms", hang.duration().toMillis());
            case Fault.MissingFields missing -> json.put("fields", strings(new TreeSet<>(missing.fields())));
            case Fault.Delay delay ->
                json.put("min_ms", delay.min().toMillis())
                        .put("max_ms", delay.max().toMillis());
            case Fault.ResetBefore reset -> json;
            case Fault.ResetAfter reset -> json;
            case Fault.TruncatedJson truncated -> json;
        };
    }

    static JsonObject json(RecordedCall call) {
        JsonObject headers = new JsonObject();
        call.headers().forEach((name, values) -> headers.put(name, strings(values)));
        return new JsonObject()
                .put("number", call.number())
                .put("received_at", text(call.receivedAt()))
                .put("ended_at", text(call.endedAt()))
                .put("method", call.method())
                .put("path", call.path())
                .put("headers", headers)
                .put("body", call.body())
                .put("character_id", call.characterId())
                .put("fault", call.fault() == null ? null : call.fault().kind())
                .put("session_made", call.sessionMade())
                .put("status", call.status())
                .put("answer", call.answer());
    }

    static JsonObject json(CallCounts.Summary summary, int sessionsHeld) {
        return new JsonObject()
                .put("connect_calls", summary.connectCalls())
                .put("disconnect_calls", summary.disconnectCalls())
                .put("character_list_calls", summary.characterListCalls())
                .put("enrichment_calls", summary.enrichmentCalls())
                .put("other_calls", summary.otherCalls())
                .put("calls_recorded", summary.callsRecorded())
                .put("concurrent_now", summary.concurrentNow())
                .put("max_concurrent", summary.maxConcurrent())
                .put("sessions_made", summary.sessionsMade())
                .put("sessions_held", sessionsHeld)
                .put("answers", counts(summary.answers()))
                .put("faults", counts(summary.faults()));
    }

    private static JsonObject counts(Map<String, Long> counts) {
        JsonObject json = new JsonObject();
        counts.forEach(json::put);
        return json;
    }

    private static JsonArray strings(Collection<String> values) {
        return new JsonArray(List.copyOf(values));
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
