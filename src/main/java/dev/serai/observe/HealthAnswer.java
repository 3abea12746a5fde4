package dev.serai.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import dev.serai.wire.Secrets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheck.State;
import org.apache.camel.health.HealthCheckHelper;

/**
 * Health as JSON, with what matters first: why it is down, then the checks, from those that are down on, then those that have
 * something to say, then the rest by name. Of a check's details, problems come first. Stateless, thread-safe.
 */
public final class HealthAnswer {
    /** What is asked for. */
    public enum Probe {
        ALL(""),
        LIVE("/live"),
        READY("/ready");

        private final String path;

        Probe(String path) {
            this.path = path;
        }

        /** Behind that of health. */
        public String path() {
            return path;
        }
    }

    /** Whether all is well, and the whole of it. */
    public record Answer(boolean isUp, ObjectNode json) {}

    private static final String LEVEL = "full";
    private static final String PROBLEM = "problem";

    private final CamelContext context;

    public HealthAnswer(CamelContext context) {
        this.context = context;
    }

    /**
     * Asks the checks.
     *
     * @param details whether those of each check are wanted
     */
    public Answer to(Probe probe, boolean details) {
        Collection<HealthCheck.Result> found =
                switch (probe) {
                    case ALL -> HealthCheckHelper.invoke(context, LEVEL);
                    case LIVE -> HealthCheckHelper.invokeLiveness(context, LEVEL);
                    case READY -> HealthCheckHelper.invokeReadiness(context, LEVEL);
                };
        List<HealthCheck.Result> results = found.stream()
                .sorted(Comparator.comparing(HealthAnswer::rank)
                        .thenComparing(result -> result.getCheck().getId()))
                .toList();
        boolean up = HealthCheckHelper.isResultsUp(found, probe == Probe.READY);
        ObjectNode json = Json.MAPPER.createObjectNode().put("status", up ? "UP" : "DOWN");
        if (!up) {
            json.put(
                    PROBLEM,
                    results.stream()
                            .filter(result -> result.getState() == State.DOWN)
                            .map(result -> result.getCheck().getId() + ": " + why(result))
                            .collect(Collectors.joining("; ")));
        }
        ArrayNode checks = json.putArray("checks");
        results.forEach(result -> checks.add(json(result, details)));
        return new Answer(up, json);
    }

    private static int rank(HealthCheck.Result result) {
        if (result.getState() == State.DOWN) {
            return 0;
        }
        return result.getMessage().isPresent() || result.getState() == State.UNKNOWN ? 1 : 2;
    }

    private static String why(HealthCheck.Result result) {
        return result.getMessage()
                .map(Secrets::inLog)
                .or(() -> result.getError().map(HealthAnswer::messages))
                .orElse("it is down and does not say why");
    }

    private static String messages(Throwable error) {
        StringBuilder text = new StringBuilder(String.valueOf(error.getMessage()));
        Throwable cause = error.getCause();
        for (int depth = 0; cause != null && depth < 10; depth++) {
            text.append("; caused by ")
                    .append(cause.getClass().getName())
                    .append(": ")
                    .append(cause.getMessage());
            cause = cause.getCause();
        }
        return Secrets.inLog(text.toString());
    }

    private static ObjectNode json(HealthCheck.Result result, boolean details) {
        ObjectNode check = Json.MAPPER
                .createObjectNode()
                .put("name", result.getCheck().getId())
                .put("status", result.getState().name());
        result.getMessage().map(Secrets::inLog).ifPresent(message -> check.put("message", message));
        result.getError().ifPresent(error -> check.put("error-message", messages(error)));
        Map<String, Object> data = new TreeMap<>(Comparator.comparing((String name) -> !name.endsWith("." + PROBLEM))
                .thenComparing(Comparator.naturalOrder()));
        data.putAll(Objects.requireNonNullElse(result.getDetails(), Map.of()));
        if (details && !data.isEmpty()) {
            ObjectNode all = check.putObject("data");
            data.forEach((name, value) -> all.set(name, Json.MAPPER.valueToTree(value)));
        }
        return check;
    }
}
