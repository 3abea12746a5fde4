package dev.serai.trial.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The routes that replicas run: copies of those that answer events. Routes of somebody's own, and of intakes, are not among
 * them: they read and write what the run must leave alone. Stateless.
 */
final class TrialRoutes {
    private static final String SUFFIX = ".camel.yaml";

    private static final List<String> NAMES = List.of(
            "conversation",
            "conversation-turn",
            "end-conversation",
            "enrich-dynamic-info",
            "enrich-scene",
            "failure-policy",
            "reject",
            "reply",
            "start-conversation");

    /** Nothing outside of the process but the run's own topics. */
    private static final Set<String> ENDPOINTS = Set.of(
            "direct",
            "lane:conversations",
            "kafka:{{serai.kafka.start-topic}}",
            "kafka:{{serai.kafka.reply-topic}}",
            "kafka:{{serai.kafka.dead-letter-topic}}");

    /** What {@code uri} names, and whatever else has a scheme. */
    private static final Pattern ENDPOINT = Pattern.compile("\\buri:\\s*\"?([^\\s\"]+)|([a-z][a-z0-9+.-]*:[^\\s\"]+)");

    private TrialRoutes() {}

    /**
     * Copies them.
     *
     * @throws TrialRefusedException if one is not there, or was changed so that it uses something else
     */
    static void copy(Path from, Path to) throws IOException {
        for (String name : NAMES) {
            Path file = from.resolve(name + SUFFIX);
            if (!Files.isRegularFile(file)) {
                throw new TrialRefusedException(
                        "there is no route file " + file + ": name the folder of Serai's routes by --set"
                                + " serai.routes-dir=FOLDER",
                        null);
            }
            String text = Files.readString(file);
            requireHarmless(file, text);
            Files.writeString(to.resolve(name + SUFFIX), text);
        }
    }

    private static void requireHarmless(Path file, String text) {
        String code = text.replaceAll("(?m)(^|\\s)#.*$", "");
        ENDPOINT.matcher(code)
                .results()
                .map(TrialRoutes::endpoint)
                .filter(endpoint -> !ENDPOINTS.contains(endpoint) && !endpoint.startsWith("direct:"))
                .findFirst()
                .ifPresent(endpoint -> {
                    throw new TrialRefusedException(
                            file + " uses " + endpoint + ", which this run must leave alone: name a folder with the"
                                    + " routes as Serai comes with them by --set serai.routes-dir=FOLDER",
                            null);
                });
    }

    private static String endpoint(MatchResult found) {
        return found.group(1) == null ? found.group(2) : found.group(1);
    }
}
