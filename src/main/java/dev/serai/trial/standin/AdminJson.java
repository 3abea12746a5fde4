package dev.serai.trial.standin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The admin API's JSON, both ways. */
final class AdminJson {

    private static final String KINDS =
            "one of status, html, reset_before, reset_after, hang, truncated_json, missing_fields, delay";

    private AdminJson() {}

    static FaultScript script(String body) {
        AdminInput input = AdminInput.parse("script", body).only("path", "character_id", "times", "fault");
        String path = input.text("path");
        Integer times = input.has("times") ? input.number("times", 1, Integer.MAX_VALUE) : null;
        try {
            return new FaultScript(
                    path == null ? FaultScript.CONNECT : path,
                    input.text("character_id"),
                    times,
                    fault(input.object("fault")));
        } catch (IllegalArgumentException e) {
            throw new BadAdminInput("script: " + e.getMessage());
        }
    }

    private static Fault fault(AdminInput input) {
        return switch (Objects.requireNonNullElse(input.text("kind"), "")) {
            case "status" -> status(input.only("kind", "status", "detail", "body", "retry_after"));
            case "html" -> html(input.only("kind", "status", "body"));
            case "reset_before" -> {
                input.only("kind");
                yield Fault.resetBefore();
            }
            case "reset_after" -> {
                input.only("kind");
                yield Fault.resetAfter();
            }
            case "hang" -> {
                input.only("kind", "for_ms");
                yield input.has("for_ms") ? Fault.hang(input.millis("for_ms")) : Fault.hang();
            }
            case "truncated_json" -> {
                input.only("kind");
                yield Fault.truncatedJson();
            }
            case "missing_fields" -> {
                input.only("kind", "fields");
                yield input.has("fields")
                        ? new Fault.MissingFields(new TreeSet<>(input.texts("fields")))
                        : Fault.missingFields();
            }
            case "delay" -> {
                Latency range = range(input.only("kind", "ms", "min_ms", "max_ms"));
                yield Fault.delay(range.min(), range.max());
            }
            default -> throw input.wrong("kind", KINDS);
        };
    }

    private static Fault status(AdminInput input) {
        return new Fault.Status(
                input.number("status", Fault.MIN_STATUS, Fault.MAX_STATUS),
                input.text("detail"),
                input.text("body"),
                input.textOrNumber("retry_after"));
    }

    private static Fault html(AdminInput input) {
        int status = input.number("status", Fault.MIN_STATUS, Fault.MAX_STATUS);
        String body = input.text("body");
        return body == null ? Fault.html(status) : new Fault.Html(status, body);
    }

    static Latency latency(String body) {
        return range(AdminInput.parse("latency", body).only("ms", "min_ms", "max_ms"));
    }

    private static Latency range(AdminInput input) {
        if (input.has("ms")) {
            if (input.has("min_ms") || input.has("max_ms")) {
                throw new BadAdminInput("a latency is ms, or min_ms and max_ms, not both");
            }
            Duration fixed = input.millis("ms");
            return new Latency(fixed, fixed);
        }
        Duration min = input.millis("min_ms");
        Duration max = input.millis("max_ms");
        if (max.compareTo(min) < 0) {
            throw input.wrong("max_ms", "no lower than min_ms");
        }
        return new Latency(min, max);
    }

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

    static JsonObject json(CallLog.Summary summary, int sessionsHeld) {
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
