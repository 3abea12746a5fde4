package dev.serai.service;

import dev.serai.kafka.TopicSetup;
import dev.serai.kafka.TopicSpec;
import dev.serai.route.EndpointRules;
import dev.serai.route.ExpressionRules;
import dev.serai.route.KafkaEndpointRules;
import dev.serai.route.KafkaEndpointRules.TopicUse;
import dev.serai.route.ReferenceRules;
import dev.serai.route.RouteFailures;
import dev.serai.route.RouteFolder;
import dev.serai.route.SimpleRules;
import dev.serai.route.UnusableEndpointException;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Suggestions;
import dev.serai.source.kind.Sources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is looked at when the routes are loaded and none has started: nothing has been consumed yet, so that a mistake
 * costs no event. Stateless but for its settings.
 *
 * <p>What a route's author can get wrong stops the start. What is missing of the service's own topics and group is a
 * warning: the service waits until it is there, and health tells of it.
 */
final class StartCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StartCheck.class);

    /** The start goes on without the answer then. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private final SeraiSettings settings;
    private final Backends backends;

    StartCheck(SeraiSettings settings, Backends backends) {
        this.settings = settings;
        this.backends = backends;
    }

    /**
     * What was found of the routes.
     *
     * @param mistakes what stops the start: each with where it is, and what to do
     * @param warnings what does not
     * @param outboxTopics that the routes publish on with the event, each with the places that do
     * @param otherTopics what else they read and send to
     */
    record Routes(
            List<String> mistakes,
            List<String> warnings,
            SortedMap<String, List<String>> outboxTopics,
            List<TopicUse> otherTopics) {
        /** Where none could be looked at. */
        static final Routes NONE = new Routes(List.of(), List.of(), new TreeMap<>(), List.of());
    }

    /**
     * Looks at the routes and at what they need, and says in the log what does not stop the start.
     *
     * @throws InvalidRoutesException if the routes name what is not there, would lose events, answer some twice or take none,
     *     or would publish on a topic that is not there or may not be written to; with all that is wrong, where, and what to do
     */
    void requireSound(CamelContext context, Sources sources) throws InterruptedException {
        Routes routes = routes(context, sources);
        routes.warnings().forEach(LOG::warn);
        List<String> mistakes = new ArrayList<>(routes.mistakes());
        if (backends.ownBroker() && settings.kafka().createTopics()) {
            createTopics(routes);
        }
        try {
            RightsCheck.Rights rights = new RightsCheck(settings, backends.kafkaProperties(), ANSWER_LIMIT)
                    .look(routes, sources.topics(), Set.of());
            rights.waitedFor().forEach(lack -> LOG.warn("{}", lack.text()));
            rights.ofOutbox().forEach(lack -> mistakes.add(lack.text()));
        } catch (KafkaException e) {
            LOG.warn("Topics and rights were not looked at, the start goes on without: {}", e.toString());
        }
        if (!mistakes.isEmpty()) {
            throw new InvalidRoutesException(settings.routesDir(), mistakes);
        }
    }

    /** Those of the routes, on the process's own broker: nobody else could make them while it runs. */
    private void createTopics(Routes routes) throws InterruptedException {
        Set<String> names = new TreeSet<>(routes.outboxTopics().keySet());
        routes.otherTopics().stream()
                .filter(use -> !use.isElsewhere())
                .map(TopicUse::topic)
                .forEach(names::add);
        new TopicSetup(backends.kafkaProperties(), true, ANSWER_LIMIT)
                .ensure(names.stream()
                        .map(name -> new TopicSpec(name, settings.kafka().partitions(), Map.of()))
                        .toList());
    }

    /** Looks at the routes, which are loaded and have not started. */
    Routes routes(CamelContext context, Sources sources) {
        KafkaSettings kafka = settings.kafka();
        Path folder = settings.routesDir();
        RouteFolder files = new RouteFolder(folder);
        List<String> warnings = new ArrayList<>(files.notLoaded());
        Set<String> mistakes = new LinkedHashSet<>();
        SortedMap<String, List<String>> outboxTopics = new TreeMap<>();
        List<TopicUse> otherTopics = new ArrayList<>();
        try {
            mistakes.addAll(new ReferenceRules(Suggestions::nearest).mistakes(context));
            mistakes.addAll(sources.mistakes(context, folder));
            mistakes.addAll(new EndpointRules(Suggestions::nearest).mistakes(context));
            mistakes.addAll(new SimpleRules(Suggestions::nearest).mistakes(context));
            new ExpressionRules()
                    .mistakes(context)
                    .forEach(
                            mistake -> mistakes.add(RouteFailures.withNearest(context, Suggestions::nearest, mistake)));
            KafkaEndpointRules.Found found =
                    new KafkaEndpointRules(kafka.startTopic(), backends.bootstrapServers()).check(context);
            mistakes.addAll(found.mistakes());
            warnings.addAll(found.warnings());
            outboxTopics.putAll(found.outboxTopics());
            otherTopics.addAll(found.others());
        } catch (UnusableEndpointException e) {
            // Of an endpoint with a wrong option the rules say more.
            String.valueOf(e.getMessage())
                    .lines()
                    .filter(line -> mistakes.stream().noneMatch(mistake -> mistake.startsWith(line)))
                    .map(line -> RouteFailures.withNearest(context, Suggestions::nearest, line))
                    .forEach(mistakes::add);
        }
        return new Routes(List.copyOf(mistakes), warnings, outboxTopics, otherTopics);
    }
}
