package dev.serai.chaos;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.LogTail;
import dev.serai.testing.TopicReader;
import dev.serai.trial.guarantee.Guarantee;
import dev.serai.trial.guarantee.History;
import dev.serai.trial.guarantee.PublishedEvent;
import dev.serai.trial.guarantee.SeenCall;
import dev.serai.trial.guarantee.SeenDeadLetter;
import dev.serai.trial.guarantee.Standstill;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a plan's events while its steps are carried out. A step's turn comes with the number of events that were
 * answered, not with time: whatever the machine's speed, the service is at work when it comes. Events go on until the
 * last step is carried out. The same seed draws the same events and steps; what is in flight at a step is left to chance.
 */
final class ChaosRun implements AutoCloseable {
    /** How long the broker is away: some of its clients' retries, far from any of their time-outs. */
    private static final Duration OUTAGE = Duration.ofSeconds(3);

    /** How many calls a victim should be making, so that its end leaves something behind. */
    private static final int BUSY_CALLS = 2;

    /** For that many to come; its partitions may be few, or its events all of one conversation. */
    private static final Duration CALLS_LIMIT = Duration.ofSeconds(5);

    private record Moment(Instant at, String what) {}

    private record Truncation(Instant at, SortedMap<Integer, LogTail.Lost> lost) {
        boolean hit(EventPublisher.Acknowledgement event) {
            LogTail.Lost range = lost.get(event.partition());
            return range != null
                    && event.at().isBefore(at)
                    && event.offset() >= range.from()
                    && event.offset() < range.to();
        }
    }

    private final ChaosPlan plan;
    private final Random random;
    private final Cluster cluster;
    private final ReplyWatch replies;
    private final EventPublisher publisher;
    private final @Nullable Hog hog;
    private final Instant begun = Instant.now();
    private final List<Moment> timeline = new ArrayList<>();
    private final List<Moment> steps = new ArrayList<>();
    private final List<Truncation> truncations = new ArrayList<>();

    /** @param besideHog whether something burns a core meanwhile */
    ChaosRun(ChaosPlan plan, long seed, boolean besideHog, Path directory) throws IOException {
        this.plan = plan;
        random = new Random(seed);
        cluster = new Cluster(directory, plan.everyReplica());
        try {
            replies = new ReplyWatch(cluster.bootstrapServers());
            publisher = new EventPublisher(cluster.bootstrapServers(), plan, new Random(random.nextLong()));
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
        hog = besideHog ? new Hog() : null;
    }

    /** Runs to the end, and returns what was seen, also if not every event was answered in time. */
    History run() throws IOException, InterruptedException, ExecutionException {
        List<Step> drawn = Step.draw(plan, random);
        note("steps: " + drawn);
        for (int i = 0; i < plan.replicas(); i++) {
            cluster.join();
        }
        cluster.running().forEach(replica -> replica.awaitReady(plan.patience()));
        note("replicas are ready");
        publisher.start();
        for (Step step : drawn) {
            replies.awaitAnswered(replies.answered() + plan.eventsBetweenSteps(), plan.patience());
            note(replies.answered() + " answered, " + step);
            steps.add(new Moment(Instant.now(), step.toString()));
            carryOut(step);
        }
        replies.awaitAnswered(replies.answered() + plan.eventsBetweenSteps(), plan.patience());
        cluster.provider().clearFaults();
        for (Replica replica : cluster.running()) {
            awaitNextCall(replica);
        }
        note(replies.answered() + " answered, and all is well again");
        List<PublishedEvent> published = publisher.finish();
        Set<String> cutOff = cutOff();
        note(published.size() + " published, " + cutOff.size() + " of them cut off");
        awaitAnswered(published.stream()
                .map(PublishedEvent::eventId)
                .filter(eventId -> !cutOff.contains(eventId))
                .collect(toSet()));
        for (Replica replica : cluster.running()) {
            cluster.leave(replica);
        }
        note("replicas have ended");
        try (var deadLetters = new TopicReader(cluster.bootstrapServers(), "conversation.dead-letters")) {
            return new History(
                    published,
                    cluster.callers().calls(),
                    replies.all(),
                    deadLetters.all().stream().map(SeenDeadLetter::of).toList(),
                    cluster.kills(),
                    cutOff,
                    cluster.interruptions());
        }
    }

    /** For as long as some are answered: a machine that is busy with something else leaves many to the end. */
    private void awaitAnswered(Set<String> eventIds) {
        int before;
        do {
            before = replies.answered();
            try {
                replies.awaitAnswered(eventIds, plan.patience());
                return;
            } catch (ConditionTimeoutException e) {
                note(replies.answered() + " answered, and patience at its end");
            }
        } while (replies.answered() > before);
    }

    /** The events whose records the start topic does not hold any more, which are those that were cut off. */
    private Set<String> cutOff() {
        Map<String, EventPublisher.Acknowledgement> acknowledged = publisher.acknowledged();
        Set<String> missing = new HashSet<>(acknowledged.keySet());
        try (var start = new TopicReader(cluster.bootstrapServers(), Cluster.START_TOPIC)) {
            start.all().forEach(event -> missing.remove(eventId(event.value())));
        }
        Set<String> cutOff = acknowledged.entrySet().stream()
                .filter(event -> truncation(event.getValue()).isPresent())
                .map(Map.Entry::getKey)
                .collect(toSet());
        if (!missing.equals(cutOff)) {
            throw new IllegalStateException(
                    Cluster.START_TOPIC + " lacks " + missing + ", and " + cutOff + " were cut off");
        }
        return cutOff;
    }

    /** The one that cut an event off. */
    private Optional<Truncation> truncation(EventPublisher.Acknowledgement event) {
        return truncations.stream().filter(truncation -> truncation.hit(event)).findFirst();
    }

    private static String eventId(byte[] event) {
        try {
            JsonNode value = Json.MAPPER.readTree(event);
            return value.path("event_id").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void carryOut(Step step) throws IOException, InterruptedException, ExecutionException {
        switch (step) {
            case Step.Kill kill -> kill();
            case Step.Join join -> note(cluster.join().processId() + " joins");
            case Step.Leave leave -> leave();
            case Step.RestartBroker restart -> restartBroker(restart.killMeanwhile());
            case Step.Trouble trouble -> cluster.provider().script(trouble.script());
            case Step.Freeze freeze -> freeze(freeze.time());
            case Step.FreezeBroker freeze -> freezeBroker(freeze.time());
            case Step.Cut cut -> cutOff(cut);
            case Step.Truncate truncate -> truncate(truncate);
        }
    }

    private void kill() throws IOException, InterruptedException {
        Replica victim = busyReplica();
        long calls = cluster.callers().inProgress(victim.processId());
        Replica next = cluster.killAndRestart(victim);
        note(next.processId() + " after " + victim.processId() + ", killed while it made some " + calls + " calls");
    }

    private void leave() throws IOException, InterruptedException {
        Replica leaver = cluster.any(random);
        awaitAtWork(leaver);
        cluster.leave(leaver);
        note(leaver.processId() + " has left");
    }

    private void freeze(Duration time) throws IOException, InterruptedException {
        Replica victim = busyReplica();
        note(victim.processId() + " freezes while it makes some "
                + cluster.callers().inProgress(victim.processId()) + " calls");
        cluster.freeze(victim, time);
        note(victim.processId() + " goes on");
    }

    private void freezeBroker(Duration time) throws IOException, InterruptedException {
        cluster.freezeBroker(time);
        note("the broker goes on");
    }

    private void cutOff(Step.Cut cut) throws IOException, InterruptedException {
        Replica victim = busyReplica();
        note(victim.processId() + " is cut off while it makes some "
                + cluster.callers().inProgress(victim.processId()) + " calls");
        cluster.cutOff(victim, cut.how(), cut.time());
        note(victim.processId() + " reaches the broker again");
    }

    private void truncate(Step.Truncate step) throws IOException, InterruptedException, ExecutionException {
        publisher.pauseFor(() -> {
            Instant at = Instant.now();
            Truncation truncation = new Truncation(at, cluster.truncate(step.records()));
            truncations.add(truncation);
            note("the broker is back without " + truncation.lost());
        });
    }

    /** A replica that is making calls, if it has any to make. */
    private Replica busyReplica() throws IOException {
        Replica replica = cluster.any(random);
        awaitAtWork(replica);
        try {
            await().atMost(CALLS_LIMIT)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> cluster.callers().inProgress(replica.processId()) >= BUSY_CALLS);
        } catch (ConditionTimeoutException e) {
            note(replica.processId() + " makes few calls at once");
        }
        return replica;
    }

    /** Until it has partitions and makes calls: what has nothing to do has nothing to lose. */
    private void awaitAtWork(Replica replica) {
        replica.awaitReady(plan.patience());
        await(replica.processId() + " to call the provider")
                .atMost(plan.patience())
                .until(() -> cluster.callers().begun(replica.processId()) > 0);
    }

    /** Whatever has happened to it, it is to work again. */
    private void awaitNextCall(Replica replica) {
        replica.awaitReady(plan.patience());
        long before = cluster.callers().begun(replica.processId());
        await(replica.processId() + " to call the provider after all that has happened")
                .atMost(plan.patience())
                .until(() -> cluster.callers().begun(replica.processId()) > before);
    }

    private void restartBroker(boolean killMeanwhile) throws IOException, InterruptedException {
        Replica victim = cluster.any(random);
        awaitAtWork(victim);
        cluster.stopBroker();
        if (killMeanwhile) {
            cluster.killAndRestart(victim);
            note("no broker, and the end of " + victim.processId());
        }
        // The outage is what happens here: there is nothing that would tell of its end.
        Thread.sleep(OUTAGE);
        cluster.restartBroker();
        note("the broker is back");
    }

    private void note(String what) {
        timeline.add(new Moment(Instant.now(), what));
    }

    private String line(Moment moment) {
        return String.format("%6.1f s  %s", seconds(moment.at()), moment.what());
    }

    private double seconds(Instant at) {
        return Duration.between(begun, at).toMillis() / 1e3;
    }

    /**
     * The longest time in which events waited and no call began, and the longest that one event waited for its reply, of the
     * run so far; one line each. Events that were never answered wait until now, so that there is a line without them, too.
     */
    List<String> stalls() {
        Map<String, Instant> answered = replies.answeredAt();
        Map<String, Standstill.Wait> ended = new HashMap<>();
        List<Standstill.Wait> open = new ArrayList<>();
        Instant now = Instant.now();
        publisher.acknowledged().forEach((eventId, event) -> {
            Instant answer = answered.get(eventId);
            if (answer != null) {
                ended.put(eventId, new Standstill.Wait(event.at(), answer));
            } else {
                Instant until = truncation(event).map(Truncation::at).orElse(now);
                open.add(new Standstill.Wait(event.at(), until));
            }
        });
        List<Instant> calls =
                cluster.callers().calls().stream().map(SeenCall::receivedAt).toList();
        List<String> lines = new ArrayList<>();
        Standstill.longest(Stream.concat(ended.values().stream(), open.stream()).toList(), calls)
                .map(longest -> "the longest time in which events waited and no call began: "
                        + shown(longest.from(), longest.until()))
                .ifPresent(lines::add);
        if (!open.isEmpty()) {
            Standstill.longest(List.copyOf(ended.values()), calls)
                    .map(longest -> "without the " + open.size() + " events that were not answered: "
                            + shown(longest.from(), longest.until()))
                    .ifPresent(lines::add);
        }
        ended.entrySet().stream()
                .max(Map.Entry.comparingByValue(
                        Comparator.comparing(wait -> Duration.between(wait.from(), wait.until()))))
                .map(longest -> "the longest that an event waited for its reply: "
                        + shown(longest.getValue().from(), longest.getValue().until()) + " (" + longest.getKey() + ")")
                .ifPresent(lines::add);
        return lines;
    }

    private String shown(Instant from, Instant until) {
        return "%.1f s, from %.1f s on, after %s"
                .formatted(Duration.between(from, until).toMillis() / 1e3, seconds(from), stepBefore(from));
    }

    private String stepBefore(Instant at) {
        return steps.reversed().stream()
                .filter(step -> !step.at().isAfter(at))
                .findFirst()
                .map(step -> "%s at %.1f s".formatted(step.what(), seconds(step.at())))
                .orElse("no step");
    }

    /** See {@link Cluster#secrets}; once it is over. */
    Guarantee secrets() throws IOException {
        return cluster.secrets();
    }

    /** What happened when, line by line. */
    String timeline() {
        return timeline.stream().map(this::line).collect(joining(System.lineSeparator()));
    }

    /** The end of every process's log. */
    String logs() {
        return cluster.logs();
    }

    /**
     * All that there is for studying the run, as files: the timeline, each process's whole log, and each event in the
     * order of its partition, with its calls.
     *
     * @param directory that does not exist yet
     */
    void copyTo(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("timeline.txt"), "begun " + begun + "\n\n" + timeline() + "\n");
        Files.write(directory.resolve("events.txt"), events());
        cluster.copyLogs(directory);
    }

    private List<String> events() {
        Map<String, Instant> answered = replies.answeredAt();
        Map<String, List<String>> calls = cluster.callers().calls().stream()
                .collect(groupingBy(SeenCall::eventId, mapping(ChaosRun::shown, toList())));
        return publisher.acknowledged().entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, EventPublisher.Acknowledgement> event) ->
                                event.getValue().partition())
                        .thenComparing(event -> event.getValue().at())
                        .thenComparing(event -> event.getValue().offset()))
                .map(event -> "%s  %s-%d@%d%s  published %s  answered %s  calls %s"
                        .formatted(
                                event.getKey(),
                                Cluster.START_TOPIC,
                                event.getValue().partition(),
                                event.getValue().offset(),
                                truncation(event.getValue()).isPresent() ? " (cut off)" : "",
                                event.getValue().at(),
                                answered.get(event.getKey()),
                                calls.getOrDefault(event.getKey(), List.of())))
                .toList();
    }

    private static String shown(SeenCall call) {
        return call.process() + " " + call.receivedAt() + "/" + call.endedAt() + (call.failed() ? " failed" : "");
    }

    @Override
    public void close() {
        if (hog != null) {
            hog.close();
        }
        publisher.close();
        replies.close();
        cluster.close();
    }
}
