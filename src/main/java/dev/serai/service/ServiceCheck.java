package dev.serai.service;

import dev.serai.kafka.AccessCheck.Lack;
import dev.serai.kafka.AccessCheck.Need;
import dev.serai.kafka.ConversationTopics;
import dev.serai.kafka.TopicSetup;
import dev.serai.kafka.TopicSetupException;
import dev.serai.route.RouteFailures;
import dev.serai.route.RouteFolder;
import dev.serai.service.Finding.Subject;
import dev.serai.service.Finding.Verdict;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import dev.serai.settings.Suggestions;
import dev.serai.source.kind.SourceTrials;
import dev.serai.source.kind.Sources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;

/**
 * Looks at all that a start looks at, and starts nothing: no event is consumed, no member joins the group, no transaction is
 * opened, no topic is created and the provider is not called. Nothing that is wrong keeps the rest from being looked at, as
 * far as that is there. For one thread.
 */
public final class ServiceCheck {
    /** Of Kafka, for each answer. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private final Settings settings;
    private final SeraiSettings values;
    private final Backends backends;
    private final List<Finding> findings = new ArrayList<>();
    private final SortedMap<String, List<String>> outboxTopics = new TreeMap<>();
    private Map<String, String> sourceTopics = Map.of();

    private ServiceCheck(Settings settings, Backends backends) {
        this.settings = settings;
        this.values = settings.values();
        this.backends = backends;
    }

    /**
     * Looks at routes, sources, topics and rights.
     *
     * @param backends as for a start; Kafka is asked only if the settings name it
     * @param topics that a start sees to
     */
    public static List<Finding> look(Settings settings, Backends backends, ConversationTopics topics)
            throws InterruptedException {
        ServiceCheck check = new ServiceCheck(settings, backends);
        check.lookAtService();
        check.lookAtKafka(topics);
        check.add(
                Subject.PROVIDER,
                Verdict.NOT_CHECKED,
                backends.hasStandIn()
                        ? "the stand-in answers in place of a provider, and was not started"
                        : "the provider is not called: whether it takes the API key shows with the first event");
        return check.findings;
    }

    private void add(Subject subject, Verdict verdict, String text) {
        findings.add(new Finding(subject, verdict, text));
    }

    private void lookAtService() throws InterruptedException {
        SeraiService service;
        try {
            service = new SeraiService(settings, backends);
        } catch (IllegalArgumentException | ServiceStartException e) {
            String.valueOf(e.getMessage()).lines().forEach(line -> add(Subject.SOURCES, Verdict.WRONG, line));
            add(
                    Subject.ROUTES,
                    Verdict.NOT_CHECKED,
                    "the routes name what is made of the settings above: mend these first, and check again");
            return;
        }
        try (service) {
            lookAtRoutes(service);
            lookAtSources(service.sources());
        }
    }

    private void lookAtRoutes(SeraiService service) {
        RouteFolder folder = new RouteFolder(values.routesDir());
        List<String> mistakes = new ArrayList<>();
        try {
            service.loadForCheck(folder);
            StartCheck.Routes routes =
                    new StartCheck(values, backends).routes(service.camelContext(), service.sources());
            routes.warnings().forEach(warning -> add(Subject.ROUTES, Verdict.WARNING, warning));
            mistakes.addAll(routes.mistakes());
            outboxTopics.putAll(routes.outboxTopics());
            if (mistakes.isEmpty()) {
                service.buildRoutes();
            } else {
                add(
                        Subject.ROUTES,
                        Verdict.NOT_CHECKED,
                        "whether all expressions can be used shows when the routes are made: mend them first, and check"
                                + " again");
            }
        } catch (InvalidRoutesException e) {
            mistakes.addAll(e.mistakes());
        } catch (Exception e) {
            mistakes.add(RouteFailures.text(service.camelContext(), folder, Suggestions::nearest, e));
        }
        if (mistakes.isEmpty()) {
            add(
                    Subject.ROUTES,
                    Verdict.OK,
                    service.camelContext().getRoutesSize() + " routes of " + folder.path()
                            + " and of the service can be made, and what they name is there");
        }
        mistakes.stream().distinct().forEach(mistake -> add(Subject.ROUTES, Verdict.REFUSED, mistake));
    }

    private void lookAtSources(Sources sources) throws InterruptedException {
        sourceTopics = sources.topics();
        if (backends.hasStandIn()) {
            add(
                    Subject.SOURCES,
                    Verdict.NOT_CHECKED,
                    "the stand-in's samples, where events have no source of their own");
        }
        List<SourceTrials.Trial> trials = sources.trials().stream()
                .filter(trial -> !Sources.isSample(trial.source()))
                .toList();
        for (SourceTrials.Tried tried : SourceTrials.all(trials)) {
            String source =
                    "source " + tried.trial().source() + " (" + tried.trial().place() + ")";
            tried.warning()
                    .ifPresentOrElse(
                            warning -> add(Subject.SOURCES, Verdict.WRONG, warning),
                            () -> add(Subject.SOURCES, Verdict.OK, source + " can be used; it was asked nothing"));
        }
        sources.files()
                .forEach((name, file) ->
                        add(Subject.SOURCES, Verdict.OK, "source " + name + " (file " + file + ") was read"));
        sources.ownRoutes()
                .forEach((name, route) -> add(
                        Subject.SOURCES,
                        Verdict.NOT_CHECKED,
                        "source " + name + ": the route " + route + " of your own was not called"));
    }

    private void lookAtKafka(ConversationTopics topics) throws InterruptedException {
        if (values.kafka().bootstrapServers() == null) {
            add(
                    Subject.KAFKA,
                    Verdict.NOT_CHECKED,
                    "no Kafka is named, and the embedded broker of a start is not started: topics and rights were not"
                            + " looked at. Name one by KAFKA_BOOTSTRAP_SERVERS");
            sourceTopics.forEach((source, topic) -> add(
                    Subject.SOURCES,
                    Verdict.NOT_CHECKED,
                    "source " + source + ": topic " + topic + " was not looked for"));
            return;
        }
        Map<String, String> plan = Map.of();
        try {
            plan = new TopicSetup(backends.kafkaProperties(), values.kafka().createTopics(), ANSWER_LIMIT).plan(topics);
        } catch (TopicSetupException e) {
            if (!e.isOfTopics()) {
                add(Subject.KAFKA, Verdict.REFUSED, String.valueOf(e.getMessage()));
                add(Subject.TOPICS, Verdict.NOT_CHECKED, "topics and rights, for that");
                return;
            }
            add(Subject.TOPICS, Verdict.REFUSED, String.valueOf(e.getMessage()));
        }
        add(Subject.KAFKA, Verdict.OK, "Kafka at " + backends.bootstrapServers() + " answers this client");
        plan.values().forEach(text -> add(Subject.TOPICS, Verdict.OK, text));
        lookAtRights(plan.keySet());
    }

    /** @param unborn topics that a start creates, and that cannot be asked for */
    private void lookAtRights(Set<String> unborn) throws InterruptedException {
        StartCheck.Rights rights;
        try {
            rights = new StartCheck(values, backends).rights(outboxTopics, sourceTopics, unborn);
        } catch (KafkaException e) {
            add(Subject.RIGHTS, Verdict.REFUSED, "Kafka does not tell this client's rights: " + e.getMessage());
            return;
        }
        for (Need need : rights.met()) {
            add(
                    Subject.RIGHTS,
                    Verdict.OK,
                    need.operation() + " " + need.resource().name().toLowerCase(Locale.ROOT) + " " + need.name());
        }
        for (Lack lack : rights.ofService()) {
            add(Subject.RIGHTS, Verdict.REFUSED, lack.text());
        }
        for (Lack lack : rights.ofRoutes()) {
            add(Subject.RIGHTS, Verdict.REFUSED, lack.text());
        }
        add(
                Subject.RIGHTS,
                Verdict.NOT_CHECKED,
                "WRITE on the transactional ids that begin with "
                        + values.kafka().groupId()
                        + ": Kafka tells that only to whoever begins with transactions, which ends those of a running"
                        + " service of the same name");
    }
}
