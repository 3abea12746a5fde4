package dev.serai.trial.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What the embedded broker's Kafka is set to: one node that starts fast, and takes whatever Serai's topics may hold. Stateless.
 */
final class KafkaNodeSettings {
    static final String LOOPBACK = "127.0.0.1";
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    static final String BROKER_LISTENER = "PLAINTEXT";
    static final int NODE_ID = 1;

    private static final int MEBIBYTE = 1 << 20;
    private static final int KIBIBYTE = 1 << 10;

    /** Events of 16 MiB plus the headers that a dead letter adds. */
    private static final int MAX_RECORD_BYTES = 16 * MEBIBYTE + 64 * KIBIBYTE;

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private KafkaNodeSettings() {}

    static Map<String, String> of(Path directory, PreboundPorts ports) {
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
}
