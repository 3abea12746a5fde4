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
    private static final Logger log = LoggerFactory.getLogger(KafkaNode.class);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration CONTROLLED_SHUTDOWN_LIMIT = Duration.ofSeconds(10);

    private final BrokerDirectory directory;
    private final PreboundPorts ports;
    private final ControllerServer controller;
    private final BrokerServer broker;

    private KafkaNode(BrokerDirectory directory, PreboundPorts ports, Map<String, String> further) {
        this.directory = directory;
        this.ports = ports;
        Map<String, String> settings = new HashMap<>(KafkaNodeSettings.of(directory.path(), ports));
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
                CompletableFuture.completedFuture(Map.of(KafkaNodeSettings.NODE_ID, ports.controllerAddress())),
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
                .setNodeId(KafkaNodeSettings.NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName(KafkaNodeSettings.CONTROLLER_LISTENER)
                .setDirectories(List.of(directory.toString()))
                .setMetadataLogDirectory(directory.toString())
                .run();
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
