package dev.serai.service;

import dev.serai.engine.Arrivals;
import dev.serai.engine.Assignments;
import dev.serai.engine.CommittedOffsets;
import dev.serai.engine.Committer;
import dev.serai.engine.IntakeListener;
import dev.serai.engine.IntakeState;
import dev.serai.engine.IntakeWatch;
import dev.serai.engine.LogRanges;
import dev.serai.engine.OutboxClients;
import dev.serai.engine.OutgoingTopics;
import dev.serai.engine.PartitionShare;
import dev.serai.engine.PartitionState;
import dev.serai.engine.StartEventClients;
import dev.serai.engine.TransactionListener;
import dev.serai.engine.Transactions;
import dev.serai.kafka.SessionTopicGrowth;
import dev.serai.loop.BackgroundLoop;
import dev.serai.observe.ConversationMetrics;
import dev.serai.observe.EngineLiveness;
import dev.serai.observe.IntakeHealth;
import dev.serai.observe.KafkaHealth;
import dev.serai.observe.KafkaWatch;
import dev.serai.session.SessionRestore;
import dev.serai.session.SessionTable;
import dev.serai.settings.SeraiSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.spi.Registry;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * What takes events from Kafka and answers each exactly once: the ledgers, the committer, the session table. The routes
 * name two of its beans: {@code startEvents} reads the start topic, {@code outbox} publishes.
 */
final class Engine implements AutoCloseable {
    /** Reading a million conversations takes a few seconds; a broker that is slow may take longer. */
    private static final Duration RESTORE_LIMIT = Duration.ofMinutes(2);

    /** A quiet partition is asked about so often: seldom beside its fetches, and soon enough for who waits for a reply. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    /** What nobody asked for stays in memory until then. */
    private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(10);

    private static final Duration CLOSE = Duration.ofSeconds(1);

    private static final Duration GROWTH_LIMIT = Duration.ofSeconds(20);

    /** A commit takes milliseconds; with the steps between it and the answer, on a machine that is busy. */
    private static final Duration COMMIT = Duration.ofSeconds(5);

    /** A commit takes milliseconds; one that takes this long does not get through. */
    private static final Duration STALLED = Duration.ofSeconds(3);

    /** How long the consumer's thread may be away beyond what a poll may take, before only a restart can help. */
    private static final Duration SILENT = Duration.ofMinutes(2);

    private final Assignments assignments;
    private final IntakeState intake = new IntakeState();
    private final Admin admin;
    private final Arrivals arrivals;
    private final LogRanges logs;
    private final OutgoingTopics topics;
    private final Committer committer;
    private final SessionTable sessions;
    private final LiveSessions live;
    private final KafkaWatch watch;
    private final IntakeWatch intakeWatch;
    private final StartEventClients startEvents;
    private final BackgroundLoop sweep;
    private final List<String> neededTopics;
    private final String replyTopic;
    private final Duration silenceLimit;
    private volatile boolean started;

    Engine(
            SeraiSettings settings,
            Map<String, Object> kafkaProperties,
            PartitionShare share,
            MemoryShares memory,
            LiveSessions live,
            ConversationMetrics metrics,
            Clock clock) {
        this.live = live;
        SeraiSettings.Kafka kafka = settings.kafka();
        // As long as what is on its way to the provider may take, and the commit of what it comes to.
        Duration drain = settings.connect().totalTimeout().plus(COMMIT);
        silenceLimit = drain.multipliedBy(2).plus(SILENT);
        neededTopics = List.of(kafka.sessionTopic(), kafka.deadLetterTopic());
        replyTopic = kafka.replyTopic();
        assignments = new Assignments(memory.held(), memory.records());
        sessions = new SessionTable(settings.sessions().retention(), clock);
        admin = admin(kafkaProperties);
        topics = new OutgoingTopics(admin);
        CommittedOffsets committed = new CommittedOffsets(admin, kafka.groupId());
        committer = new Committer(
                assignments,
                new Transactions(
                        kafkaProperties,
                        kafka.groupId(),
                        kafka.startTopic(),
                        instanceId(settings),
                        admin,
                        List.of(kafka.sessionTopic(), kafka.replyTopic(), kafka.deadLetterTopic()),
                        topics),
                topics,
                listener(metrics),
                clock);
        PartitionState state = state(new SessionRestore(
                kafkaProperties,
                kafka.sessionTopic(),
                kafka.startTopic(),
                sessions,
                live.open(),
                live.sealer(),
                RESTORE_LIMIT,
                kafka.createTopics()
                        ? new SessionTopicGrowth(kafkaProperties, kafka.sessionTopic(), GROWTH_LIMIT)
                        : null));
        arrivals = new Arrivals(committed, state);
        logs = new LogRanges(admin);
        startEvents = new StartEventClients(new StartEventClients.Parts(
                assignments, committer, state, share, arrivals, logs, intake, listenerOfLogs(metrics), drain, QUIET));
        watch = new KafkaWatch(kafkaProperties, this::notPublishing);
        intakeWatch = new IntakeWatch(intake, admin, kafka.groupId(), kafka.startTopic(), kafka.sessionTopic());
        sweep = BackgroundLoop.start("serai-session-sweep", SWEEP_INTERVAL, sessions::expire);
        metrics.watch("serai.events.held", "Start events held: waiting, running, being committed", assignments::held);
        metrics.watch(
                "serai.events.held.bytes",
                "Keys, values and headers of the start events held, as they came",
                assignments::heldBytes);
        metrics.watch(
                "serai.partitions",
                "Partitions of the start topic that this process owns and reads",
                assignments::partitions);
        metrics.watch(
                "serai.partitions.arriving",
                "Partitions that this process was given and that are not ready to be read",
                () -> Math.max(0, intake.owned() - assignments.partitions()));
        metrics.watch(
                "serai.oldest.holding.transaction.seconds",
                "Age of the transaction that has kept partitions from being taken over longest; 0 if none does",
                () -> (int) intakeWatch.oldestTransaction().toSeconds());
        metrics.watch("serai.sessions", "Conversations in the session table", sessions::size);
        metrics.watch(
                "serai.events.unanswered",
                "Events whose routes ended without an answer; they hold back their partition's offset",
                assignments::unanswered);
    }

    private static Admin admin(Map<String, Object> kafkaProperties) {
        Map<String, Object> properties = new HashMap<>(kafkaProperties);
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "serai-engine");
        return LazyAdmin.of(properties);
    }

    /** What names this process in the group. */
    static String instanceId(SeraiSettings settings) {
        String named = settings.instanceId();
        if (named != null) {
            return named;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new ServiceStartException("this host has no name: set serai.instance-id", e);
        }
    }

    private PartitionState state(SessionRestore restore) {
        return new PartitionState() {
            @Override
            public void restore(Set<Integer> partitions, IntConsumer ready) {
                restore.restore(partitions, ready);
            }

            @Override
            public void drop(Set<Integer> partitions) {
                partitions.forEach(sessions::close);
                live.drop(partitions);
            }
        };
    }

    private static TransactionListener listener(ConversationMetrics metrics) {
        return new TransactionListener() {
            @Override
            public void committed(int events, Duration took) {
                metrics.transactionCommitted(events, took);
            }

            @Override
            public void aborted(String reason) {
                metrics.transactionAborted(reason);
            }

            @Override
            public void dropped(int events) {
                metrics.eventsDropped(events);
            }

            @Override
            public void publishedAgain(int events) {
                metrics.publishedAgain(events);
            }

            @Override
            public void offsetsDiffer() {
                metrics.offsetsDiffer();
            }
        };
    }

    private static IntakeListener listenerOfLogs(ConversationMetrics metrics) {
        return new IntakeListener() {
            @Override
            public void logCut() {
                metrics.logCut();
            }

            @Override
            public void deletedUnread(long offsets) {
                metrics.deletedUnread(offsets);
            }
        };
    }

    /** Why what an event comes to could not be published now. */
    private Optional<String> notPublishing() {
        Optional<String> stalled = committer.stalledFor(STALLED).map(Engine::text);
        return stalled.isPresent() ? stalled : trouble(neededTopics);
    }

    private static String text(Committer.Stalled stalled) {
        return stalled.reason()
                .map(reason -> "no transaction has been committed for "
                        + stalled.since().toSeconds() + " s: " + reason)
                .orElseGet(() -> "a transaction has been waiting for Kafka for "
                        + stalled.since().toSeconds()
                        + " s: check the brokers, the replicas of the topics and of __transaction_state");
    }

    private Optional<String> trouble(List<String> topicNames) {
        try {
            return topics.trouble(topicNames);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What keeps start events from being taken or answered, and what to do; empty while nothing does. */
    private List<String> problems() {
        List<String> problems = new ArrayList<>(intakeWatch.problems());
        trouble(List.of(replyTopic)).ifPresent(problems::add);
        return problems;
    }

    /** What of this process has ended that only another process can do. */
    private Optional<String> dead() {
        if (started && !committer.isAlive()) {
            return Optional.of("the thread that commits has ended");
        }
        Duration silent = intake.silentFor();
        return silent.compareTo(silenceLimit) > 0
                ? Optional.of("the consumer of the start topic has not polled for " + silent.toSeconds() + " s")
                : Optional.empty();
    }

    void register(HealthCheckRegistry health) {
        health.register(new KafkaHealth(watch, assignments::unanswered));
        health.register(new IntakeHealth(this::problems, intake::owned, assignments::partitions));
        health.register(new EngineLiveness(this::dead));
    }

    /** Begins to look at Kafka and to commit; before the routes start. */
    void start() {
        watch.start();
        intakeWatch.start();
        committer.start();
        live.start();
        started = true;
    }

    void bindTo(Registry beans) {
        beans.bind("startEvents", startEvents);
        beans.bind("outbox", new OutboxClients());
    }

    Assignments assignments() {
        return assignments;
    }

    SessionTable sessions() {
        return sessions;
    }

    KafkaWatch watch() {
        return watch;
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
        sweep.close();
        intakeWatch.close();
        arrivals.close();
        logs.close();
        committer.close();
        // What was dropped just now is still to be told of.
        assignments.awaitEnded(CLOSE);
        watch.close();
        admin.close(CLOSE);
    }
}
