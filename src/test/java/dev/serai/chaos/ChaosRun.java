package dev.serai.chaos;

import static org.awaitility.Awaitility.await;

import dev.serai.guarantee.History;
import dev.serai.guarantee.SeenCall;
import dev.serai.guarantee.SeenDeadLetter;
import dev.serai.testing.TopicReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Publishes a plan's events while its steps are carried out. A step's turn comes with the number of events that were
 * answered, not with time: whatever the machine's speed, the service is at work when it comes. The same seed draws the
 * same events and steps; what is in flight at a step is left to chance.
 */
final class ChaosRun implements AutoCloseable {
    /** How long the broker is away: some of its clients' retries, far from any of their time-outs. */
    private static final Duration OUTAGE = Duration.ofSeconds(3);

    /** For a call of a victim to come; it may have no partition, or the provider no answer. */
    private static final Duration CALL_LIMIT = Duration.ofSeconds(5);

    private final ChaosPlan plan;
    private final Random random;
    private final Cluster cluster;
    private final List<String> timeline = new ArrayList<>();
    private final long startNanos = System.nanoTime();

    ChaosRun(ChaosPlan plan, long seed, Path directory) throws IOException {
        this.plan = plan;
        random = new Random(seed);
        cluster = new Cluster(directory);
    }

    /** Runs to the end, and returns what was seen, also if not every event was answered in time. */
    History run() throws IOException, InterruptedException, ExecutionException {
        List<Step> steps = Step.draw(plan, random);
        note("steps: " + steps);
        for (int i = 0; i < plan.replicas(); i++) {
            cluster.join();
        }
        cluster.running().forEach(Replica::awaitReady);
        note("replicas are ready");
        try (var replies = new ReplyWatch(cluster.bootstrapServers());
                var publisher = new EventPublisher(cluster.bootstrapServers(), plan, new Random(random.nextLong()))) {
            publisher.start();
            for (int i = 0; i < steps.size(); i++) {
                replies.awaitAnswered(plan.events() * (i + 1) / (steps.size() + 2), plan.patience());
                note(replies.answered() + " answered, " + steps.get(i));
                carryOut(steps.get(i));
            }
            var published = publisher.await();
            cluster.provider().clearFaults();
            note("all is published, and well again");
            try {
                replies.awaitAnswered(plan.events(), plan.patience());
            } catch (ConditionTimeoutException e) {
                note(replies.answered() + " answered, and no patience left");
            }
            for (Replica replica : cluster.running()) {
                replica.awaitReady();
                cluster.leave(replica);
            }
            note("replicas have ended");
            try (var deadLetters = new TopicReader(cluster.bootstrapServers(), "conversation.dead-letters")) {
                return new History(
                        published,
                        cluster.provider().calls().stream().map(SeenCall::of).toList(),
                        replies.all(),
                        deadLetters.all().stream().map(SeenDeadLetter::of).toList(),
                        cluster.kills());
            }
        }
    }

    private void carryOut(Step step) throws IOException, InterruptedException {
        switch (step) {
            case Step.Kill kill -> kill();
            case Step.Join join -> note(cluster.join().processId() + " joins");
            case Step.Leave leave -> leave();
            case Step.RestartBroker restart -> restartBroker(restart.killMeanwhile());
            case Step.Trouble trouble -> cluster.provider().script(trouble.script());
        }
    }

    private void kill() throws IOException, InterruptedException {
        Replica victim = cluster.any(random);
        victim.awaitReady();
        try {
            await().atMost(CALL_LIMIT)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> cluster.isCalling(victim));
        } catch (ConditionTimeoutException e) {
            note(victim.processId() + " calls nobody");
        }
        note(cluster.killAndRestart(victim).processId() + " after the end of " + victim.processId());
    }

    private void leave() throws InterruptedException {
        Replica leaver = cluster.any(random);
        for (Replica replica : cluster.running()) {
            replica.awaitReady();
        }
        cluster.leave(leaver);
        note(leaver.processId() + " has left");
    }

    private void restartBroker(boolean killMeanwhile) throws IOException, InterruptedException {
        Replica victim = cluster.any(random);
        victim.awaitReady();
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
        timeline.add(String.format("%6.1f s  %s", (System.nanoTime() - startNanos) / 1e9, what));
    }

    /** What happened when, line by line. */
    String timeline() {
        return String.join(System.lineSeparator(), timeline);
    }

    /** The end of every process's log. */
    String logs() {
        return cluster.logs();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
