package dev.serai.service;

import dev.serai.engine.Assignments;
import dev.serai.engine.OutboxClients;
import dev.serai.engine.OutgoingTopics;
import dev.serai.engine.PartitionShare;
import dev.serai.engine.PartitionState;
import dev.serai.engine.ReadTopic;
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
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.SeraiSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.spi.Registry;
import org.apache.kafka.clients.admin.Admin;

/**
 * What takes events from Kafka and answers each exactly once: the ledgers, the committer, the session table. The routes
 * name two of its beans: {@code startEvents} reads the start topic, {@code outbox} publishes.
 */
final class EngineSetup implements AutoCloseable {
    /** Reading a million conversations takes a few seconds; a broker that is slow may take longer. */
    private static final Duration RESTORE_LIMIT = Duration.ofMinutes(2);

    /** What nobody asked for stays in memory until then. */
    private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(10);

    private static final String START_EVENTS = "startEvents";

    private static final Duration CLOSE = Duration.ofSeconds(1);

    private static final Duration GROWTH_LIMIT = Duration.ofSeconds(20);

    /** A commit takes milliseconds; with the steps between it and the answer, on a machine that is busy. */
    private static final Duration COMMIT = Duration.ofSeconds(5);

    private final TopicEngine engine;
    private final Admin admin;
    private final OutgoingTopics topics;
    private final SessionTable sessions;
    private final LiveSessions live;
    private final KafkaWatch watch;
    private final BackgroundLoop sweep;
    private final List<String> neededTopics;
    private final String replyTopic;

    EngineSetup(
            SeraiSettings settings,
            Map<String, Object> kafkaProperties,
            PartitionShare share,
            MemoryShares memory,
            LiveSessions live,
            ConversationMetrics metrics,
            EngineMetrics engineMetrics,
            Clock clock) {
        this.live = live;
        KafkaSettings kafka = settings.kafka();
        // As long as what is on its way to the provider may take, and the commit of what it comes to.
        Duration drain = settings.connect().totalTimeout().plus(COMMIT);
        neededTopics = List.of(kafka.sessionTopic(), kafka.deadLetterTopic());
        replyTopic = kafka.replyTopic();
        sessions = new SessionTable(settings.sessions().retention(), clock);
        admin = LazyAdmin.of(kafkaProperties, "serai-engine");
        topics = new OutgoingTopics(admin);
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
        engine = new TopicEngine(
                new TopicEngine.Plan(
                        new ReadTopic(
                                "start events",
                                kafka.startTopic(),
                                kafka.groupId(),
                                START_EVENTS,
                                "conversation.camel.yaml"),
                        Transactions.transactionalId(kafka.groupId(), instanceId(settings)),
                        List.of(kafka.sessionTopic(), kafka.replyTopic(), kafka.deadLetterTopic()),
                        state,
                        Optional.of(kafka.sessionTopic()),
                        share,
                        memory.held(),
                        memory.records(),
                        drain),
                kafkaProperties,
                admin,
                topics,
                engineMetrics,
                engineMetrics,
                clock);
        watch = new KafkaWatch(kafkaProperties, this::notPublishing);
        sweep = BackgroundLoop.start("serai-session-sweep", SWEEP_INTERVAL, sessions::expire);
        EngineGauges.watch(metrics, engine, sessions);
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

    /** Why what an event comes to could not be published now. */
    private Optional<String> notPublishing() {
        Optional<String> stalled = engine.stalled();
        return stalled.isPresent() ? stalled : topics.trouble(neededTopics);
    }

    /** What keeps start events from being taken or answered, and what to do; empty while nothing does. */
    private List<String> problems() {
        List<String> problems = new ArrayList<>(engine.problems());
        topics.trouble(List.of(replyTopic)).ifPresent(problems::add);
        return problems;
    }

    /** @param others what has ended of engines beside this one */
    void register(HealthCheckRegistry health, Supplier<Optional<String>> others) {
        health.register(new KafkaHealth(watch, engine.assignments()::unanswered));
        health.register(IntakeHealth.ofEvents(this::problems, engine::owned, engine.assignments()::partitions));
        health.register(new EngineLiveness(() -> engine.dead().or(others)));
    }

    /** Begins to look at Kafka and to commit; before the routes start. */
    void start() {
        watch.start();
        engine.start();
        live.start();
    }

    void bindTo(Registry beans) {
        beans.bind(START_EVENTS, engine.clients());
        beans.bind("outbox", new OutboxClients());
    }

    Assignments assignments() {
        return engine.assignments();
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
        engine.stopTaking(patience);
    }

    @Override
    public void close() {
        sweep.close();
        engine.close();
        watch.close();
        admin.close(CLOSE);
    }
}
