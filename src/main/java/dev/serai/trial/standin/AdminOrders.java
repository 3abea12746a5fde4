package dev.serai.trial.standin;

import java.time.Duration;
import java.util.Objects;
import java.util.TreeSet;

/** What the admin API is told: scripts and latencies. */
final class AdminOrders {
    private static final String KINDS =
            "one of status, html, reset_before, reset_after, hang, truncated_json, missing_fields, delay";

    private AdminOrders() {}

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
}
