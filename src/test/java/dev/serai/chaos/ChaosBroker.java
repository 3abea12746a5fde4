package dev.serai.chaos;

import dev.serai.kafka.ConversationTopicSetup;
import dev.serai.kafka.ConversationTopics;
import dev.serai.trial.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A process with a broker alone, until it is stopped, as {@code serai broker} is one; with a listener more for each link,
 * which tells the clients that come that way to go on coming that way.
 */
final class ChaosBroker {
    private static final String HOST = "127.0.0.1";
    private static final Duration TOPIC_TIMEOUT = Duration.ofSeconds(30);

    private ChaosBroker() {}

    /** What a process of its own is started with: port, partitions, data directory, and a pair of ports for each link. */
    static String[] arguments(int port, int partitions, Path dataDirectory, List<LinkPorts> links) {
        List<String> arguments = new ArrayList<>(
                List.of(Integer.toString(port), Integer.toString(partitions), dataDirectory.toString()));
        links.forEach(link -> arguments.add(link.listener() + ":" + link.advertised()));
        return arguments.toArray(String[]::new);
    }

    /**
     * The two ends of a link.
     *
     * @param listener where the broker listens
     * @param advertised where the link listens, and what the broker says of itself to clients at that listener
     */
    record LinkPorts(int listener, int advertised) {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        int partitions = Integer.parseInt(arguments[1]);
        List<LinkPorts> links = new ArrayList<>();
        for (int i = 3; i < arguments.length; i++) {
            String[] ports = arguments[i].split(":", -1);
            links.add(new LinkPorts(Integer.parseInt(ports[0]), Integer.parseInt(ports[1])));
        }
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stop.countDown();
                            try {
                                stopped.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "stop-broker"));
        try (var broker = EmbeddedBroker.start(Path.of(arguments[2]), port, listeners(port, links))) {
            new ConversationTopicSetup(Map.of("bootstrap.servers", broker.bootstrapServers()), true, TOPIC_TIMEOUT)
                    .ensure(new ConversationTopics(
                            "conversation.start",
                            List.of("conversation.replies"),
                            "conversation.dead-letters",
                            "conversation.sessions",
                            List.of(),
                            partitions,
                            ConversationTopics.DEFAULT_REPLY_RETENTION,
                            Duration.ofDays(1)));
            System.out.println("KAFKA_BOOTSTRAP_SERVERS=" + broker.bootstrapServers());
            stop.await();
        } finally {
            stopped.countDown();
        }
    }

    /** The controller's socket is bound already, so that its port here is of no account. */
    private static Map<String, String> listeners(int port, List<LinkPorts> links) {
        StringBuilder listeners = new StringBuilder("PLAINTEXT://" + HOST + ":" + port);
        StringBuilder advertised = new StringBuilder(listeners);
        StringBuilder protocols = new StringBuilder("PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        listeners.append(",CONTROLLER://" + HOST + ":0");
        for (int i = 0; i < links.size(); i++) {
            String name = "LINK" + i;
            listeners.append("," + name + "://" + HOST + ":" + links.get(i).listener());
            advertised.append("," + name + "://" + HOST + ":" + links.get(i).advertised());
            protocols.append("," + name + ":PLAINTEXT");
        }
        return Map.of(
                "listeners", listeners.toString(),
                "advertised.listeners", advertised.toString(),
                "listener.security.protocol.map", protocols.toString());
    }
}
