package dev.serai.service;

import dev.serai.kafka.ConversationTopics;
import dev.serai.route.PollInterval;
import dev.serai.route.RouteFolder;
import dev.serai.service.Finding.Subject;
import dev.serai.service.Finding.Verdict;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Looks at all that a start looks at, and starts nothing: no event is consumed, no member joins the group, no transaction is
 * opened, no topic is created and the provider is not called. Nothing that is wrong keeps the rest from being looked at, as
 * far as that is there. For one thread, but for {@link #lookAtSources}.
 */
public final class ServiceCheck {
    private final Settings settings;
    private final SeraiSettings values;
    private final Backends backends;
    private final List<Finding> findings = new ArrayList<>();
    private List<PollInterval> pollIntervals = List.of();
    private StartCheck.Routes routes = StartCheck.Routes.NONE;
    private Map<String, String> sourceTopics = Map.of();

    /**
     * Of a start with these settings.
     *
     * @param backends as for a start; Kafka is asked only if the settings name it, or if it is the embedded broker that runs
     */
    public ServiceCheck(Settings settings, Backends backends) {
        this.settings = settings;
        this.values = settings.values();
        this.backends = backends;
    }

    /**
     * Looks at routes, sources, topics and rights.
     *
     * @param topics that a start sees to
     */
    public static List<Finding> look(Settings settings, Backends backends, ConversationTopics topics)
            throws InterruptedException {
        ServiceCheck check = new ServiceCheck(settings, backends);
        List<Finding> all = new ArrayList<>(check.lookAtProcess(true));
        all.addAll(check.lookAtKafka(topics));
        all.add(
                new Finding(
                        Subject.PROVIDER,
                        Verdict.NOT_CHECKED,
                        backends.hasStandIn()
                                ? "the stand-in will answer in place of a provider; it needs no key, and a check does not start it"
                                : "a check does not call the provider: whether it takes the API key shows with the first event"));
        return all;
    }

    /**
     * Looks at what asks nobody: the HTTP port, routes and intakes, and whether sources can be made as the settings say. Finds
     * what sources need of Kafka.
     */
    public List<Finding> lookAtProcess() throws InterruptedException {
        return lookAtProcess(false);
    }

    private List<Finding> lookAtProcess(boolean triesSources) throws InterruptedException {
        findings.clear();
        findings.add(HttpPort.look(values.http().host(), values.http().port()));
        lookAtService(triesSources);
        return List.copyOf(findings);
    }

    /**
     * Tries the sources, which takes as long as the slowest of them may. May run beside the other looks, on another thread;
     * finds nothing where the settings name sources that cannot be made, of which {@link #lookAtProcess} tells.
     */
    public List<Finding> lookAtSources() throws InterruptedException {
        SeraiService service;
        try {
            service = new SeraiService(settings, backends);
        } catch (IllegalArgumentException | ServiceStartException e) {
            return List.of();
        }
        try {
            return SourcesCheck.look(service.sources(), backends);
        } finally {
            close(service);
        }
    }

    /**
     * Looks at topics, rights and transactions, also those that routes and sources need where {@link #lookAtProcess} has found
     * them.
     *
     * @param topics that a start sees to
     */
    public List<Finding> lookAtKafka(ConversationTopics topics) throws InterruptedException {
        List<Finding> found = new ArrayList<>();
        new KafkaCheck(values, backends, routes, sourceTopics, found).look(topics);
        return found;
    }

    /** How often the consumers of events are to poll; empty until {@link #lookAtProcess} has found their routes. */
    public List<PollInterval> pollIntervals() {
        return pollIntervals;
    }

    private void add(Subject subject, Verdict verdict, String text) {
        findings.add(new Finding(subject, verdict, text));
    }

    private void lookAtService(boolean triesSources) throws InterruptedException {
        SeraiService service;
        try {
            service = new SeraiService(settings, backends);
        } catch (IllegalArgumentException | ServiceStartException e) {
            Subject subject = e instanceof UnusableIntakesException ? Subject.INTAKES : Subject.SOURCES;
            String.valueOf(e.getMessage()).lines().forEach(line -> add(subject, Verdict.WRONG, line));
            add(
                    Subject.ROUTES,
                    Verdict.NOT_CHECKED,
                    "the routes name what is made of the settings above: mend these first, and check again");
            return;
        }
        try {
            lookAtRoutes(service);
            sourceTopics = service.sources().topics();
            if (triesSources) {
                findings.addAll(SourcesCheck.look(service.sources(), backends));
            }
            lookAtIntakes();
        } finally {
            close(service);
        }
    }

    /** Does not wait: connections that are being made, to whoever does not answer, end when they have failed. */
    private static void close(SeraiService service) {
        Thread.ofPlatform().daemon().name("check-closes").start(service::close);
    }

    /** They have been read when the service was made. */
    private void lookAtIntakes() {
        values.intake()
                .forEach((name, intake) -> add(
                        Subject.INTAKES,
                        Verdict.OK,
                        "intake " + name + ": its mapping " + intake.mapping()
                                + (intake.table() == null
                                        ? " can be used"
                                        : " and its table " + intake.table() + " can be used")
                                + "; records of topic " + intake.topic() + " were not tried"));
    }

    private void lookAtRoutes(SeraiService service) {
        RouteFolder folder = new RouteFolder(values.routesDir());
        List<String> mistakes = new ArrayList<>();
        try {
            service.loadForCheck(folder);
            routes = new StartCheck(values, backends).routes(service.camelContext(), service.sources());
            pollIntervals = PollInterval.of(service.camelContext());
            routes.warnings().forEach(warning -> add(Subject.ROUTES, Verdict.WARNING, warning));
            mistakes.addAll(routes.mistakes());
            if (mistakes.isEmpty()) {
                service.buildRoutes();
            } else {
                add(
                        Subject.ROUTES,
                        Verdict.NOT_CHECKED,
                        "whether Camel can make the routes: mend what is wrong with them first, and check again");
            }
        } catch (InvalidRoutesException e) {
            mistakes.addAll(e.mistakes());
        } catch (Exception | LinkageError e) {
            mistakes.add(service.text(folder, e));
        }
        if (mistakes.isEmpty()) {
            add(
                    Subject.ROUTES,
                    Verdict.OK,
                    "all " + service.routesOfFiles() + " routes of the folder " + folder.path()
                            + " can be made, and what they name is there");
        }
        mistakes.stream().distinct().forEach(mistake -> add(Subject.ROUTES, Verdict.REFUSED, mistake));
    }
}
