package dev.serai.cli;

import dev.serai.settings.SeraiSettings;
import dev.serai.trial.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
            "  ./serai broker",
            "  ./serai broker --port 0 --data-dir /tmp/serai-broker",
            "  KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:19092 SERAI_CONNECT_STAND_IN=true ./serai run"
        })
final class BrokerCommand extends SettingsCommand {
    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port on 127.0.0.1; 0 for any free one (default: serai.embedded.port).")
    private @Nullable Integer port;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where topics and offsets are kept between runs (default: broker in serai.data-dir).")
    private @Nullable Path dataDirectory;

    @Override
    public Integer call() throws Exception {
        if (port != null && (port < 0 || port > 65_535)) {
            throw usage("--port must be between 0 and 65535, was " + port);
        }
        SeraiSettings settings = settings().load().values();
        try (var stop = StopSignal.install();
                var broker = EmbeddedBroker.start(
                        dataDirectory == null ? settings.dataDir().resolve("broker") : dataDirectory,
                        port == null ? settings.embedded().port() : port)) {
            ServiceEnvironment.createTopics(settings, Map.of("bootstrap.servers", broker.bootstrapServers()));
            var out = out();
            out.println("KAFKA_BOOTSTRAP_SERVERS=" + broker.bootstrapServers());
            out.flush();
            stop.await();
        }
        return ExitCode.OK;
    }
}
