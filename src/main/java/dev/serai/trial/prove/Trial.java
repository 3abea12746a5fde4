package dev.serai.trial.prove;

import dev.serai.trial.guarantee.Callers;
import dev.serai.trial.guarantee.CommittedToTheEnd;
import dev.serai.trial.guarantee.History;
import dev.serai.trial.guarantee.Interruption;
import dev.serai.trial.guarantee.Kill;
import dev.serai.trial.guarantee.NoSecretElsewhere;
import dev.serai.trial.guarantee.PublishedEvent;
import dev.serai.trial.guarantee.SecretSearch;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.StandIn;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * One run on topics that are there: events are published part by part, and in each part but the first two something is
 * done to a replica while it makes calls; a part begins when the one before is answered. The same seed draws the same events and
 * troubles; what is in flight at a trouble is left to chance. For one thread.
 */
final class Trial {
    private static final Duration LEAST_LATENCY = Duration.ofMillis(50);
    private static final Duration MOST_LATENCY = Duration.ofMillis(250);

    /** For a replica to make calls; its partitions may be few. */
    private static final Duration BUSY_WITHIN = Duration.ofSeconds(5);

    /** After the last reply, for the commit that comes with it to be seen. */
    private static final Duration COMMITTED_WITHIN = Duration.ofSeconds(20);

    private final TrialPlan plan;
    private final TrialKafka kafka;
    private final TrialRecords records;
    private final StandIn standIn;
    private final Callers callers;
    private final Replicas replicas;
    private final BooleanSupplier stopped;
    private final TrialProgress progress;
    private final Random random;
    private final List<Kill> kills = new ArrayList<>();
    private final List<Interruption> interruptions = new ArrayList<>();

    /** @param stopped ends the run when it turns true */
    Trial(
            TrialPlan plan,
            TrialKafka kafka,
            StandIn standIn,
            Callers callers,
            Replicas replicas,
            BooleanSupplier stopped,
            TrialProgress progress) {
        this.plan = plan;
        this.kafka = kafka;
        records = new TrialRecords(kafka.properties(), kafka.names());
        this.standIn = standIn;
        this.callers = callers;
        this.replicas = replicas;
        this.stopped = stopped;
        this.progress = progress;
        random = new Random(plan.seed());
    }

    /**
     * Runs to the end, also if not every event is answered in time, and ends the replicas.
     *
     * @throws TrialStoppedException if somebody has stopped it
     * @throws TrialRefusedException if Kafka refuses a replica
     * @throws KafkaException if Kafka refuses this process
     */
    TrialEvidence run() throws IOException, InterruptedException {
        List<PublishedEvent> events = TrialEvents.draw(plan.events(), random);
        List<Trouble> troubles = Trouble.draw(plan, random);
        List<List<PublishedEvent>> parts = parts(events);
        standIn.latency(LEAST_LATENCY, MOST_LATENCY);
        @Nullable String timeUp = null;
        Instant begun = Instant.now();
        try (var publisher =
                        new TrialPublisher(kafka.properties(), kafka.names().start());
                var replies = new TrialReplies(kafka.properties(), kafka.names().replies())) {
            TrialWaiting waiting = new TrialWaiting(publisher, replies, replicas, stopped, progress, plan.limit());
            try {
                run(parts, troubles, waiting);
            } catch (TrialWaiting.TimeUpException e) {
                publisher.stop();
                String what = String.valueOf(e.getMessage());
                progress.step(what);
                timeUp = what;
            }
            CommittedToTheEnd committed = awaitCommitted(waiting);
            Instant ended = Instant.now();
            progress.step("ending the replicas, and reading what they have left");
            replicas.close();
            replies.lookToTheEnd();
            History history = new History(
                    events.stream()
                            .filter(event -> publisher.acknowledged().containsKey(event.eventId()))
                            .toList(),
                    callers.calls(),
                    replies.seen(),
                    records.deadLetters(),
                    kills,
                    Set.of(),
                    interruptions);
            return new TrialEvidence(
                    history,
                    committed,
                    secrets(),
                    publisher.acknowledged(),
                    replies.answered(),
                    ids(parts.get(1)),
                    parts.stream().skip(2).flatMap(part -> ids(part).stream()).toList(),
                    Duration.between(begun, ended),
                    timeUp);
        }
    }

    private void run(List<List<PublishedEvent>> parts, List<Trouble> troubles, TrialWaiting waiting)
            throws IOException, InterruptedException {
        for (int i = 0; i < plan.replicas(); i++) {
            replicas.join();
        }
        progress.step("starting " + plan.replicas() + (plan.replicas() == 1 ? " replica" : " replicas"));
        waiting.until("not all replicas were ready", replicas::areReady);
        waiting.until(
                "not all replicas had their partitions", () -> kafka.isSettled(plan.replicas(), plan.partitions()));
        progress.step("replicas are ready, publishing");
        waiting.publishAndAwait(parts.get(0));
        waiting.publishAndAwait(parts.get(1));
        for (int i = 0; i < troubles.size(); i++) {
            List<PublishedEvent> part = parts.get(i + 2);
            waiting.publish(part);
            carryOut(troubles.get(i), waiting);
            // A room of which no answer tells.
            standIn.script(FaultScript.once(Fault.resetAfter()));
            waiting.untilAnswered(part);
        }
    }

    private void carryOut(Trouble trouble, TrialWaiting waiting) throws IOException, InterruptedException {
        ServiceProcess victim = busyReplica(waiting);
        long calls = callers.inProgress(victim.id());
        switch (trouble) {
            case Trouble.Kill kill -> {
                ServiceProcess next = replicas.killAndRestart(victim);
                kills.add(new Kill(victim.id(), Instant.now()));
                progress.step("killed " + victim.id() + " while it made " + calls + " calls; " + next.id() + " starts");
            }
            case Trouble.Freeze freeze -> {
                Instant from = Instant.now();
                victim.freeze();
                progress.step("froze " + victim.id() + " for " + freeze.time().toMillis() / 1e3 + " s while it made "
                        + calls + " calls");
                try {
                    long until = System.nanoTime() + freeze.time().toNanos();
                    waiting.until("a replica was frozen", () -> System.nanoTime() > until);
                } finally {
                    victim.thaw();
                }
                interruptions.add(new Interruption(victim.id(), from, Instant.now()));
            }
        }
    }

    /** A replica that is making calls, if it has any to make. */
    private ServiceProcess busyReplica(TrialWaiting waiting) throws IOException, InterruptedException {
        ServiceProcess victim = replicas.any(random);
        long until = System.nanoTime() + BUSY_WITHIN.toNanos();
        waiting.until(
                "a replica made no calls",
                () -> callers.inProgress(victim.id()) > 0 || waiting.isPublished() || System.nanoTime() > until);
        return victim;
    }

    private CommittedToTheEnd awaitCommitted(TrialWaiting waiting) throws IOException, InterruptedException {
        long until = System.nanoTime() + COMMITTED_WITHIN.toNanos();
        CommittedToTheEnd committed = kafka.positions();
        while (!committed.isKept() && System.nanoTime() < until) {
            waiting.look();
            committed = kafka.positions();
        }
        return committed;
    }

    private NoSecretElsewhere secrets() throws IOException {
        SecretSearch search = SecretSearch.forAnswers(standIn.calls());
        List<String> leaks = new ArrayList<>(records.recordsWith(search));
        for (ServiceProcess process : replicas.all()) {
            long there = search.in(process.said());
            if (there > 0) {
                leaks.add("the log of " + process.id() + " has " + there + " tokens or session ids");
            }
        }
        return new NoSecretElsewhere(search.secrets(), records.repliesWith(search), leaks);
    }

    /** Those to warm up with, those without trouble, and as many for each trouble. */
    private List<List<PublishedEvent>> parts(List<PublishedEvent> events) {
        List<List<PublishedEvent>> parts = new ArrayList<>();
        parts.add(events.subList(0, plan.warmUp()));
        List<PublishedEvent> rest = events.subList(plan.warmUp(), events.size());
        int count = plan.troubles() + 1;
        for (int i = 0; i < count; i++) {
            parts.add(rest.subList(rest.size() * i / count, rest.size() * (i + 1) / count));
        }
        return parts;
    }

    static List<String> ids(List<PublishedEvent> events) {
        return events.stream().map(PublishedEvent::eventId).toList();
    }
}
