package dev.serai.service;

import dev.serai.engine.Arrivals;
import dev.serai.engine.Assignments;
import dev.serai.engine.CommittedOffsets;
import dev.serai.engine.Committer;
import dev.serai.engine.IntakeListener;
import dev.serai.engine.IntakeState;
import dev.serai.engine.IntakeWatch;
import dev.serai.engine.LogRanges;
import dev.serai.engine.OutgoingTopics;
import dev.serai.engine.PartitionShare;
import dev.serai.engine.PartitionState;
import dev.serai.engine.ReadTopic;
import dev.serai.engine.StartEventClients;
import dev.serai.engine.TransactionListener;
import dev.serai.engine.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/**
 * Reads one topic event by event and commits what each comes to with its offset, exactly once: its consumer, its ledgers,
 * its committer. There is one for the start topic and one for each topic of raw events; what is wrong with one leaves the
 * others alone. Thread-safe, but for {@link #start} and {@link #close}.
 */
final class TopicEngine implements AutoCloseable {
    /** A quiet partition is asked about so often: seldom beside its fetches, and soon enough for who waits for a reply. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    private static final Duration CLOSE = Duration.ofSeconds(1);

    /** A commit takes milliseconds; one that takes this long does not get through. */
    private static final Duration STALLED = Duration.ofSeconds(3);

    /** How long the consumer's thread may be away beyond what a poll may take, before only a restart can help. */
    private static final Duration SILENT = Duration.ofMinutes(2);

    private final ReadTopic reads;
    private final Assignments assignments;
    private final IntakeState intake = new IntakeState();
    private final Arrivals arrivals;
    private final LogRanges logs;
    private final Committer committer;
    private final StartEventClients clients;
    private final IntakeWatch watch;
    private final Duration silenceLimit;
    private volatile boolean started;

    /**
     * What it reads and how.
     *
     * @param transactionalId of this process's transactions for this topic, and of no others
     * @param written the topics that are written to again and again
     * @param state what has to be known of a partition before it is read
     * @param stateTopic where that is, if it is in a topic: its open transactions keep partitions from being read
     * @param held how many events are held at once
     * @param heldBytes and their bytes
     * @param drain how long running events may take to end when their partition is to go to another owner
     */
    record Plan(
            ReadTopic reads,
            String transactionalId,
            List<String> written,
            PartitionState state,
            Optional<String> stateTopic,
            PartitionShare share,
            int held,
            long heldBytes,
            Duration drain) {}

    /**
     * Starts nothing.
     *
     * @param admin shared with others, who close it after this
     * @param topics what is known of the topics that are written to, shared with others
     */
    TopicEngine(
            Plan plan,
            Map<String, Object> kafkaProperties,
            Admin admin,
            OutgoingTopics topics,
            TransactionListener transactions,
            IntakeListener log,
            Clock clock) {
        reads = plan.reads();
        silenceLimit = plan.drain().multipliedBy(2).plus(SILENT);
        assignments = new Assignments(plan.held(), plan.heldBytes());
        committer = new Committer(
                assignments,
                new Transactions(
                        kafkaProperties,
                        reads.groupId(),
                        reads.topic(),
                        plan.transactionalId(),
                        admin,
                        plan.written(),
                        topics),
                topics,
                transactions,
                clock);
        arrivals = new Arrivals(new CommittedOffsets(admin, reads.groupId()), plan.state());
        logs = new LogRanges(admin);
        clients = new StartEventClients(new StartEventClients.Parts(
                reads,
                assignments,
                committer,
                plan.state(),
                plan.share(),
                arrivals,
                logs,
                intake,
                log,
                plan.drain(),
                QUIET));
        watch = new IntakeWatch(intake, admin, reads, plan.stateTopic());
    }

    /** Begins to look at Kafka and to commit; before the routes start. */
    void start() {
        watch.start();
        committer.start();
        started = true;
    }

    /** For the endpoint that reads the topic. */
    StartEventClients clients() {
        return clients;
    }

    Assignments assignments() {
        return assignments;
    }

    /** How many partitions this process was given, ready or not. */
    int owned() {
        return intake.owned();
    }

    /** How many of them are not ready to be read. */
    int arriving() {
        return Math.max(0, intake.owned() - assignments.partitions());
    }

    /** How long ago the transaction last wrote that has kept partitions from being taken over longest; zero if none does. */
    Duration oldestTransaction() {
        return watch.oldestTransaction();
    }

    /** What keeps events from being taken, and what to do; empty while nothing does. */
    List<String> problems() {
        return watch.problems();
    }

    /** Why what an event comes to does not get through; empty while it does. */
    Optional<String> stalled() {
        return committer.stalledFor(STALLED).map(TopicEngine::text);
    }

    private static String text(Committer.Stalled stalled) {
        return stalled.reason()
                .map(reason -> "no transaction has been committed for "
                        + stalled.since().toSeconds() + " s: " + reason)
                .orElseGet(() -> "a transaction has been waiting for Kafka for "
                        + stalled.since().toSeconds()
                        + " s: check the brokers, the replicas of the topics and of __transaction_state");
    }

    /** What of it has ended that only another process can do. */
    Optional<String> dead() {
        if (started && !committer.isAlive()) {
            return Optional.of("the thread that commits has ended");
        }
        Duration silent = intake.silentFor();
        return silent.compareTo(silenceLimit) > 0
                ? Optional.of("the consumer of " + reads.topic() + " has not polled for " + silent.toSeconds() + " s")
                : Optional.empty();
    }

    /**
     * What has not begun does not begin any more.
     *
     * @param patience for what has begun
     */
    void stopTaking(Duration patience) {
        assignments.giveBackAll(patience);
    }

    @Override
    public void close() {
        started = false;
        watch.close();
        arrivals.close();
        logs.close();
        committer.close();
        // What was dropped just now is still to be told of.
        assignments.awaitEnded(CLOSE);
    }
}
