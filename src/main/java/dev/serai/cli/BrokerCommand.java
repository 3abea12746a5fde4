package dev.serai.cli;

import dev.serai.embedded.EmbeddedBroker;
import dev.serai.topic.ConversationTopics;
import dev.serai.topic.TopicSetup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serai broker}: the embedded broker alone, until it is stopped. */
@Command(
        name = "broker",
        description = {
            "Runs the embedded Kafka broker alone, with Serai's topics, until it is stopped.",
            "",
            "Prints one line, KAFKA_BOOTSTRAP_SERVERS=HOST:PORT, once it is ready. It listens on this machine only and"
                    + " asks for no credentials: it is for trying things out."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  serai broker",
            "  serai broker --port 0 --data-dir /tmp/serai-broker",
            "  KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:19092 serai run"
        })
final class BrokerCommand implements Callable<Integer> {
    private static final Duration TOPIC_TIMEOUT = Duration.ofSeconds(30);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "${env:SERAI_EMBEDDED_PORT:-19092}",
            description = "Port on 127.0.0.1; 0 for any free one (default: SERAI_EMBEDDED_PORT, else 19092).")
    private int port;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "${env:SERAI_DATA_DIR:-data}/broker",
            description = "Where topics and offsets are kept between runs"
                    + " (default: broker in SERAI_DATA_DIR, else data/broker).")
    private Path dataDirectory = Path.of("data", "broker");

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "12",
            description = "Partitions of the topics that are created (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Override
    public Integer call() throws InterruptedException {
        require(port >= 0 && port <= 65_535, "--port must be between 0 and 65535, was " + port);
        require(partitions >= 1, "--partitions must be at least 1, was " + partitions);
        try (var stop = StopSignal.install();
                var broker = EmbeddedBroker.start(dataDirectory, port)) {
            new TopicSetup(Map.of("bootstrap.servers", broker.bootstrapServers()), true, TOPIC_TIMEOUT)
                    .ensure(topics());
            var out = spec.commandLine().getOut();
            out.println("KAFKA_BOOTSTRAP_SERVERS=" + broker.bootstrapServers());
            out.flush();
            stop.await();
        }
        return ExitCode.OK;
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private ConversationTopics topics() {
        return new ConversationTopics(
                "conversation.start",
                "conversation.replies",
                "conversation.dead-letters",
                "conversation.sessions",
                partitions,
                ConversationTopics.DEFAULT_REPLY_RETENTION);
    }
}
