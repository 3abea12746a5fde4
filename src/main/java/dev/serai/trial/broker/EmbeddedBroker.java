package dev.serai.trial.broker;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A single Kafka node (KRaft, broker and controller in one) inside this process, reachable over loopback only, without
 * authentication. Its data directory outlives it: topics, records and committed offsets are there again at the next
 * start, whatever port that start uses.
 *
 * <p>Records of up to 16 MiB are accepted; topics are never created by using them. Any number of brokers can run in one
 * process, each on its own directory.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

    private final KafkaNode node;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(KafkaNode node) {
        this.node = node;
    }

    /**
     * Starts a broker and returns once it serves requests, which takes some seconds and at most a minute.
     *
     * @param dataDirectory created and formatted when it is missing or empty, otherwise used as it is
     * @param port the port on 127.0.0.1; 0 for any free one
     * @throws EmbeddedBrokerException if the port is taken, the directory is in use, is not writable or holds something
     *     else, or Kafka's server classes are not there; nothing is left running then
     */
    public static EmbeddedBroker start(Path dataDirectory, int port) {
        return start(dataDirectory, port, Map.of());
    }

    /**
     * Starts a broker like {@link #start(Path, int)}, with settings beside and in place of the usual ones.
     *
     * @param settings of Kafka's broker, under Kafka's own names
     */
    public static EmbeddedBroker start(Path dataDirectory, int port, Map<String, String> settings) {
        long startedAt = System.nanoTime();
        var broker = new EmbeddedBroker(startNode(dataDirectory, port, settings));
        log.info(
                "embedded broker started at {} in {} ms, data in {}",
                broker.bootstrapServers(),
                (System.nanoTime() - startedAt) / 1_000_000,
                dataDirectory);
        return broker;
    }

    // This class names none of Kafka's server classes, so that it loads, and can say so, where they are left out.
    private static KafkaNode startNode(Path dataDirectory, int port, Map<String, String> settings) {
        try {
            return KafkaNode.start(dataDirectory, port, settings);
        } catch (NoClassDefFoundError e) {
            throw new EmbeddedBrokerException(
                    "the embedded broker's libraries (lib-embedded) are not on the class path: add"
                            + " them, as ./serai does. The commands demo and broker need them; run does without, on a"
                            + " Kafka that KAFKA_BOOTSTRAP_SERVERS names",
                    e);
        }
    }

    /** The address for clients, such as {@code 127.0.0.1:19092}. */
    public String bootstrapServers() {
        return KafkaNodeSettings.LOOPBACK + ":" + port();
    }

    /** The port it listens on; never 0. */
    public int port() {
        return node.port();
    }

    /** Stops the broker in an orderly way, within 30 seconds. Does nothing when it is stopped already. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            node.stop();
            log.info("embedded broker at {} stopped", bootstrapServers());
        }
    }
}
