package dev.serai;

import dev.serai.config.SeraiSettings;
import dev.serai.ledger.Assignments;
import dev.serai.ledger.Committer;
import dev.serai.ledger.OutboxClients;
import dev.serai.ledger.PartitionShare;
import dev.serai.ledger.PartitionState;
import dev.serai.ledger.StartEventClients;
import dev.serai.ledger.TransactionListener;
import dev.serai.ledger.Transactions;
import dev.serai.observe.ConversationMetrics;
import dev.serai.observe.KafkaWatch;
import dev.serai.route.OpaqueHeaders;
import dev.serai.session.SessionRestore;
import dev.serai.session.SessionTable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.camel.spi.Registry;

/**
 * What takes events from Kafka and answers each exactly once: the ledgers, the committer, the session table. The routes
 * name two of its beans: {@code startEvents} reads the start topic, {@code outbox} publishes.
 */
final class Engine implements AutoCloseable {
    /** Reading a million conversations takes a few seconds; a broker that is slow may take longer. */
    private static final Duration RESTORE_LIMIT = Duration.ofMinutes(2);

    private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(10);

    private final Assignments assignments;
    private final Committer committer;
    private final SessionTable sessions;
    private final KafkaWatch watch;
    private final StartEventClients startEvents;
    private final Thread sweep;

    Engine(
            SeraiSettings settings,
            Map<String, Object> kafkaProperties,
            PartitionShare share,
            MemoryShares memory,
            ConversationMetrics metrics,
            Clock clock) {
        SeraiSettings.Kafka kafka = settings.kafka();
        assignments = new Assignments(kafka.maxInFlight(), memory.records());
        Transactions transactions =
                new Transactions(kafkaProperties, kafka.groupId(), instanceId(settings), OpaqueHeaders.class);
        committer = new Committer(assignments, transactions, listener(metrics));
        sessions = new SessionTable(settings.sessions().retention(), clock);
        SessionRestore restore =
                new SessionRestore(kafkaProperties, kafka.sessionTopic(), kafka.startTopic(), sessions, RESTORE_LIMIT);
        // As long as what is on its way to the provider may take.
        Duration drain = settings.connect().totalTimeout();
        startEvents = new StartEventClients(assignments, committer, state(restore), share, drain);
        watch = new KafkaWatch(kafkaProperties, committer::busyFor);
        sweep = Thread.ofVirtual().name("serai-session-sweep").start(this::sweep);
        metrics.watch("serai.events.held", "Start events held: waiting, running, being committed", assignments::held);
        metrics.watch(
                "serai.events.held.bytes",
                "Keys, values and headers of the start events held, as they came",
                assignments::heldBytes);
        metrics.watch(
                "serai.partitions", "Partitions of the start topic that this process owns", assignments::partitions);
        metrics.watch("serai.sessions", "Conversations in the session table", sessions::size);
        metrics.watch(
                "serai.events.unanswered",
                "Events whose routes ended without an answer; they hold back their partition's offset",
                assignments::unanswered);
    }

    private static String instanceId(SeraiSettings settings) {
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
            public void restore(Set<Integer> partitions) {
                restore.restore(partitions);
            }

            @Override
            public void drop(Set<Integer> partitions) {
                partitions.forEach(sessions::close);
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
        };
    }

    /** What nobody asked for stays in memory until then. */
    private void sweep() {
        try {
            while (true) {
                Thread.sleep(SWEEP_INTERVAL);
                sessions.expire();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Begins to commit; before the routes start. */
    void start() {
        committer.start();
    }

    void bindTo(Registry beans) {
        beans.bind("startEvents", startEvents);
        beans.bind("outbox", new OutboxClients());
        // For routes that take events from elsewhere: committer.detached makes a delivery of no partition.
        beans.bind("committer", committer);
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

    /** What has not begun does not begin any more. */
    void stopTaking() {
        assignments.giveBackAll();
    }

    @Override
    public void close() {
        sweep.interrupt();
        committer.close();
        watch.close();
    }
}
