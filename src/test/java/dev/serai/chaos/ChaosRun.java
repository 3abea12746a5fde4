package dev.serai.chaos;

import static org.awaitility.Awaitility.await;

import dev.serai.guarantee.History;
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
 * answered, not with time: whatever the machine's speed, the service is at work when it comes. Events go on until the
 * last step is carried out. The same seed draws the same events and steps; what is in flight at a step is left to chance.
 */
final class ChaosRun implements AutoCloseable {
    /** How long the broker is away: some of its clients' retries, far from any of their time-outs. */
    private static final Duration OUTAGE = Duration.ofSeconds(3);

    /** How many calls a victim should be making, so that its end leaves something behind. */
    private static final int CALLS_AT_KILL = 2;

    /** For that many to come; its partitions may be few, or its events all of one conversation. */
    private static final Duration CALLS_LIMIT = Duration.ofSeconds(5);

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
            for (Step step : steps) {
                replies.awaitAnswered(replies.answered() + plan.eventsBetweenSteps(), plan.patience());
                note(replies.answered() + " answered, " + step);
                carryOut(step);
            }
            replies.awaitAnswered(replies.answered() + plan.eventsBetweenSteps(), plan.patience());
            cluster.provider().clearFaults();
            cluster.running().forEach(this::awaitAtWork);
            note(replies.answered() + " answered, and all is well again");
            var published = publisher.finish();
            note(published.size() + " published");
            try {
                replies.awaitAnswered(published.size(), plan.patience());
            } catch (ConditionTimeoutException e) {
                note(replies.answered() + " answered, and no patience left");
            }
            for (Replica replica : cluster.running()) {
                cluster.leave(replica);
            }
            note("replicas have ended");
            try (var deadLetters = new TopicReader(cluster.bootstrapServers(), "conversation.dead-letters")) {
                return new History(
                        published,
                        cluster.calls(),
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
        awaitAtWork(victim);
        try {
            await().atMost(CALLS_LIMIT)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> cluster.callsInProgress(victim) >= CALLS_AT_KILL);
        } catch (ConditionTimeoutException e) {
            note(victim.processId() + " makes few calls at once");
        }
        long calls = cluster.callsInProgress(victim);
        Replica next = cluster.killAndRestart(victim);
        note(next.processId() + " after " + victim.processId() + ", killed while it made some " + calls + " calls");
    }

    private void leave() throws InterruptedException {
        Replica leaver = cluster.any(random);
        awaitAtWork(leaver);
        cluster.leave(leaver);
        note(leaver.processId() + " has left");
    }

    /** Until it has partitions and makes calls: what has nothing to do has nothing to lose. */
    private void awaitAtWork(Replica replica) {
        replica.awaitReady();
        await(replica.processId() + " to call the provider")
                .atMost(plan.patience())
                .until(() -> cluster.hasCalled(replica));
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
