package dev.serai.cli;

import dev.serai.loop.Elapsed;
import dev.serai.operate.doctor.Found;
import dev.serai.operate.doctor.Found.Status;
import dev.serai.operate.doctor.Once;
import dev.serai.operate.doctor.StartLook;
import dev.serai.route.PollInterval;
import dev.serai.service.Backends;
import dev.serai.service.Finding;
import dev.serai.service.Finding.Subject;
import dev.serai.service.Finding.Verdict;
import dev.serai.service.ServiceCheck;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import dev.serai.trial.prove.TrialLeftovers;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What {@code serai check} looks at, for the doctor: each part is looked at once. Thread-safe. */
final class ServiceStartLook implements StartLook {
    private final SeraiSettings settings;
    private final ServiceCheck check;
    private final ProveLeftovers leftovers;
    private final Once<List<Finding>> process;
    private final Once<List<Finding>> sources;
    private final Once<List<Finding>> kafka;

    ServiceStartLook(Settings settings, Backends backends) {
        leftovers = new ProveLeftovers(backends.kafkaProperties(), TrialLeftovers.PREFIX);
        this.settings = settings.values();
        check = new ServiceCheck(settings, backends);
        process = new Once<>(check::lookAtProcess);
        // By itself: a source that does not answer holds up nothing else.
        sources = new Once<>(check::lookAtSources);
        kafka = new Once<>(() -> {
            // The topics of routes and sources are known then.
            process.get();
            return check.lookAtKafka(ServiceEnvironment.topics(settings.values()));
        });
    }

    @Override
    public List<Found> http() throws Exception {
        return of(process.get(), EnumSet.of(Subject.HTTP), "");
    }

    @Override
    public List<Found> routes() throws Exception {
        return of(process.get(), EnumSet.of(Subject.ROUTES), "");
    }

    @Override
    public List<Found> sources() throws Exception {
        List<Finding> all = new ArrayList<>(sources.get());
        all.addAll(process.get());
        return of(all, EnumSet.of(Subject.SOURCES), "there are no sources that a tenant uses");
    }

    @Override
    public List<Found> topics() throws Exception {
        List<Found> found = new ArrayList<>(of(
                kafka.get(),
                EnumSet.of(Subject.KAFKA, Subject.TOPICS),
                "all topics of the service are there, and their partitions fit"));
        if (found.stream().noneMatch(each -> each.status() == Status.ERROR || each.status() == Status.SKIPPED)) {
            leftovers.found().ifPresent(found::add);
        }
        return found;
    }

    @Override
    public List<Found> rights() throws Exception {
        return of(kafka.get(), EnumSet.of(Subject.RIGHTS), "rights were not looked at: see topics");
    }

    private static List<Found> of(List<Finding> looked, Set<Subject> subjects, String ifNone) {
        List<Found> found = looked.stream()
                .filter(finding -> subjects.contains(finding.subject()))
                // That Kafka answers is the first of the doctor's own checks.
                .filter(finding -> finding.subject() != Subject.KAFKA || finding.verdict() != Verdict.OK)
                .map(ServiceStartLook::found)
                .toList();
        return found.isEmpty() ? List.of(Found.of(Status.OK, ifNone)) : found;
    }

    private static Found found(Finding finding) {
        return Found.of(
                switch (finding.verdict()) {
                    case OK -> Status.OK;
                    case WARNING -> Status.WARNING;
                    case NOT_CHECKED -> Status.SKIPPED;
                    case WRONG, REFUSED -> Status.ERROR;
                },
                finding.text());
    }

    @Override
    public List<Found> poll() throws Exception {
        process.get();
        List<Found> found = new ArrayList<>();
        for (PollInterval poll : check.pollIntervals()) {
            boolean isEnough = poll.interval().compareTo(poll.longest()) > 0;
            String text = poll.place() + ", which reads " + poll.topic() + ": max.poll.interval.ms is "
                    + poll.interval().toMillis() + ", " + (isEnough ? "more" : "not more") + " than the "
                    + Elapsed.text(poll.longest()) + " that it does not poll at worst, while running events end";
            found.add(
                    isEnough
                            ? Found.of(Status.OK, text)
                            : Found.of(
                                    Status.ERROR,
                                    text
                                            + ": the group takes it for dead then, and its events run again elsewhere. To mend it:"
                                            + " take max.poll.interval.ms out of serai.kafka.client-properties-file and"
                                            + " maxPollIntervalMs out of the route, or lower serai.connect.total-timeout"));
        }
        return found.isEmpty()
                ? List.of(Found.of(Status.SKIPPED, "no route that reads events could be looked at: see routes"))
                : found;
    }

    @Override
    public List<Found> mappings() {
        return new MappingsLook(settings).look();
    }
}
