package dev.serai.trial.broker;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.fault.FaultHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka's server, put together as {@link KafkaRaftServer} does it, with two differences: the sockets are bound
 * beforehand, and a fatal fault is logged and fails the start where Kafka would halt the whole process.
 */
final class KafkaNode {
    static final String LOOPBACK = "127.0.0.1";
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    static final String BROKER_LISTENER = "PLAINTEXT";

    private static final Logger log = LoggerFactory.getLogger(KafkaNode.class);

    private static final int NODE_ID = 1;
    private static final int MEBIBYTE = 1 << 20;
    private static final int KIBIBYTE = 1 << 10;

    /** Events of 16 MiB plus the headers that a dead letter adds. */
    private static final int MAX_RECORD_BYTES = 16 * MEBIBYTE + 64 * KIBIBYTE;

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration CONTROLLED_SHUTDOWN_LIMIT = Duration.ofSeconds(10);

    private final BrokerDirectory directory;
    private final PreboundPorts ports;
    private final ControllerServer controller;
    private final BrokerServer broker;

    private KafkaNode(BrokerDirectory directory, PreboundPorts ports, Map<String, String> further) {
        this.directory = directory;
        this.ports = ports;
        Map<String, String> settings = new HashMap<>(settings(directory.path(), ports));
        settings.putAll(further);
        var config = new KafkaConfig(settings, false);
        var initialized = KafkaRaftServer.initializeLogDirs(config, log, "");
        var metaProperties = initialized._1();
        String clusterId = metaProperties.clusterId().orElseThrow();
        var shared = new SharedServer(
                config,
                metaProperties,
                Time.SYSTEM,
                Server.initializeMetrics(config, Time.SYSTEM, clusterId),
                CompletableFuture.completedFuture(Map.of(NODE_ID, ports.controllerAddress())),
                List.of(),
                KafkaNode::faultHandler,
                ports);
        this.broker = new BrokerServer(shared);
        this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), initialized._2());
    }

    static KafkaNode start(Path dataDirectory, int port, Map<String, String> settings) {
        BrokerDirectory directory = BrokerDirectory.lock(dataDirectory);
        PreboundPorts ports = null;
        try {
            ports = new PreboundPorts(port);
            formatIfNew(directory.path());
            var node = new KafkaNode(directory, ports, settings);
            node.startServers();
            return node;
        } catch (EmbeddedBrokerException e) {
            release(ports, directory);
            throw e;
        } catch (Exception e) {
            release(ports, directory);
            throw new EmbeddedBrokerException(
                    "the embedded broker cannot start on data directory " + directory.path() + ": " + e.getMessage()
                            + "; if what it holds is not needed, delete it",
                    e);
        } catch (Error e) {
            release(ports, directory);
            throw e;
        }
    }

    private static void release(@Nullable PreboundPorts ports, BrokerDirectory directory) {
        if (ports != null) {
            ports.close();
        }
        directory.close();
    }

    private static void formatIfNew(Path directory) throws Exception {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        new Formatter()
                .setPrintStream(nowhere)
                .setNodeId(NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName(CONTROLLER_LISTENER)
                .setDirectories(List.of(directory.toString()))
                .setMetadataLogDirectory(directory.toString())
                .run();
    }

    private static Map<String, String> settings(Path directory, PreboundPorts ports) {
        String brokerAddress = BROKER_LISTENER + "://" + LOOPBACK + ":" + ports.brokerPort();
        String controllerAddress = LOOPBACK + ":" + ports.controllerAddress().getPort();
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", text(NODE_ID)),
                Map.entry("controller.quorum.voters", NODE_ID + "@" + controllerAddress),
                Map.entry("listeners", brokerAddress + "," + CONTROLLER_LISTENER + "://" + controllerAddress),
                Map.entry("advertised.listeners", brokerAddress),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("inter.broker.listener.name", BROKER_LISTENER),
                Map.entry("controller.listener.names", CONTROLLER_LISTENER),
                Map.entry("log.dirs", directory.toString()),
                Map.entry("server.max.startup.time.ms", text(START_LIMIT.toMillis())),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("message.max.bytes", text(MAX_RECORD_BYTES)),
                Map.entry("replica.fetch.max.bytes", text(MAX_RECORD_BYTES)),
                // One node: no replicas to wait for, and few partitions to open at each start.
                Map.entry("default.replication.factor", "1"),
                Map.entry("min.insync.replicas", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "8"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "8"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                // No second consumer is about to join a group on one machine: do not wait 3 s for it.
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                // After a crash the controller waits for the session of the broker's former self to end (9 s by
                // default).
                Map.entry("broker.session.timeout.ms", "4000"),
                Map.entry("broker.heartbeat.interval.ms", "500"),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"),
                Map.entry("log.cleaner.dedupe.buffer.size", text(2 * MEBIBYTE)),
                // Times of records come from tries and samples, and those of last year would be deleted as soon as they
                // are there.
                Map.entry("log.retention.ms", "-1"),
                // No JMX: two brokers in one process would register the same names.
                Map.entry("metric.reporters", ""));
    }

    private static String text(long number) {
        return Long.toString(number);
    }

    private static FaultHandler faultHandler(String name, boolean fatal, Runnable action) {
        return (message, cause) -> {
            if (fatal) {
                log.error("the embedded broker's {} has failed, and it will not recover: {}", name, message, cause);
            } else {
                log.warn("the embedded broker's {} met a fault: {}", name, message, cause);
            }
            action.run();
            return new IllegalStateException(name + ": " + message, cause);
        };
    }

    // The controller first: the broker registers with it.
    private void startServers() {
        try {
            controller.startup();
            broker.startup();
        } catch (Throwable e) {
            stopServers();
            throw e;
        }
    }

    // The broker first: it hands its partitions back to the controller.
    private void stopServers() {
        broker.shutdown(CONTROLLED_SHUTDOWN_LIMIT);
        controller.shutdown();
    }

    int port() {
        return ports.brokerPort();
    }

    /** Stops the servers on a thread of their own: Kafka has no time limit for it, and must not see an interrupt. */
    void stop() {
        Thread stopper = Thread.ofPlatform()
                .name("embedded-broker-stop")
                .daemon()
                .start(() -> {
                    stopServers();
                    release(ports, directory);
                });
        boolean interrupted = false;
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        while (stopper.isAlive() && System.nanoTime() < deadline) {
            try {
                stopper.join(Duration.ofNanos(deadline - System.nanoTime()));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (stopper.isAlive()) {
            log.warn(
                    "the embedded broker did not stop within {} s: its next start checks the data in {} first",
                    STOP_LIMIT.toSeconds(),
                    directory.path());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
