package dev.serai.cli;

import dev.serai.loop.Counted;
import dev.serai.service.Backends;
import dev.serai.service.InvalidRoutesException;
import dev.serai.service.SeraiService;
import dev.serai.settings.EnrichmentSource;
import dev.serai.settings.Home;
import dev.serai.settings.InvalidSettingsException;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import dev.serai.trial.demo.DemoReport;
import dev.serai.trial.demo.DemoRun;
import dev.serai.trial.demo.DemoTopics;
import dev.serai.trial.demo.Sample;
import dev.serai.trial.demo.SampleFolder;
import dev.serai.trial.demo.SampleResult;
import dev.serai.trial.demo.SampleTables;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serai demo}: the samples through the whole service, with everything that it needs embedded. */
@Command(
        name = "demo",
        description = {
            "Shows what the service does: starts an embedded Kafka broker and a stand-in for Convai, publishes the sample"
                    + " events, and prints each reply as it comes.",
            "",
            "Ends with exit code 0 when every sample came to what its file in expected/ says; what an event without"
                    + " one comes to is shown. Uses no other Kafka and no other"
                    + " provider, whatever the environment names, and leaves nothing behind. Its settings are in"
                    + " DIR/application.properties, if that is there."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./serai demo", "  ./serai demo --samples config/demo"})
final class DemoCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(DemoCommand.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--samples",
            paramLabel = "DIR",
            description = "Folder with events/ and expected/, and topics in tables/ that events are enriched from"
                    + " (default: ${DEFAULT-VALUE}).")
    private Path samplesFolder = Home.OF_PROCESS.resolve(Path.of("config", "demo"));

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<Sample> samples = SampleFolder.readAll(samplesFolder);
        List<SampleResult> results;
        try (var stop = StopSignal.install();
                var temporary = Temporary.create()) {
            Settings settings = settings(temporary.folder());
            out.println("Starting an embedded Kafka broker, a stand-in for Convai, and the service ...");
            out.flush();
            results = run(out, samples, settings, stop);
        }
        boolean allGood = results.stream().allMatch(SampleResult::isAsExpected);
        if (allGood) {
            out.println();
            out.println("Next: edit an event in " + samplesFolder.resolve("events") + " or a route in "
                    + Home.OF_PROCESS.resolve(Path.of("routes")) + ", and run this");
            out.println("again; or ./serai run, to publish events of your own. README.md says how to go on to a real");
            out.println("Kafka and to Convai.");
            out.flush();
        }
        return allGood ? ExitCode.OK : ExitCode.FAILED;
    }

    private List<SampleResult> run(PrintWriter out, List<Sample> samples, Settings settings, StopSignal stop)
            throws Exception {
        try (var environment = ServiceEnvironment.start(settings.values());
                var service = start(settings, environment.backends())) {
            DemoRun run = new DemoRun(
                    environment.backends().kafkaProperties(),
                    topics(settings.values()),
                    environment.standIn(),
                    PATIENCE);
            DemoReport report = new DemoReport(
                    out,
                    style(),
                    samples,
                    name -> type(settings.values().sources().get(name)));
            out.println("Health and metrics while it runs: " + service.observeUri() + "/health, " + service.observeUri()
                    + "/metrics");
            out.printf("Publishing %s; replies as they come:%n%n", Counted.text(samples.size(), "event"));
            out.flush();
            List<SampleResult> results = run.run(samples, stop::isRequested, report::print);
            report.printSummary(results);
            return results;
        }
    }

    private SeraiService start(Settings settings, Backends backends) throws IOException, InterruptedException {
        new SampleTables(backends.kafkaProperties()).publish(samplesFolder.resolve("tables"));
        try {
            return SeraiService.start(settings, backends);
        } catch (InvalidRoutesException e) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(
                    "The demo has the settings of " + settingsFile() + " and no others: a setting of your own that a");
            out.println(
                    "route names must be there, too. ./serai run has those of " + Home.OF_PROCESS.settingsFile() + ".");
            out.flush();
            throw e;
        }
    }

    static DemoTopics topics(SeraiSettings settings) {
        KafkaSettings kafka = settings.kafka();
        return new DemoTopics(
                kafka.startTopic(),
                kafka.replyTopic(),
                kafka.deadLetterTopic(),
                settings.intake().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, intake -> intake.getValue().topic())));
    }

    private Path settingsFile() {
        return samplesFolder.resolve("application.properties");
    }

    /** Nothing of the environment: the demo must not open rooms that cost money. */
    private Settings settings(Path data) throws InvalidSettingsException {
        Path file = settingsFile();
        Settings settings = Settings.load(
                Map.of(),
                file,
                Map.of(
                        "serai.data-dir", data.toString(),
                        "serai.embedded.port", "0",
                        "serai.http.port", "0"));
        settings.warnings().forEach(log::warn);
        if (!settings.values().usesStandIn() || settings.values().kafka().bootstrapServers() != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "the demo works on a Kafka and a provider of its own: remove API keys and"
                            + " serai.kafka.bootstrap-servers from " + file);
        }
        return settings;
    }

    /** @param source null if it is one of the stand-in's, which are there without settings */
    private static String type(@Nullable EnrichmentSource source) {
        return source == null ? "http" : source.type().toString();
    }

    private static DemoReport.Style style() {
        Ansi ansi = Ansi.AUTO;
        return new DemoReport.Style(
                text -> ansi.string("@|green " + text + "|@"),
                text -> ansi.string("@|bold,red " + text + "|@"),
                text -> ansi.string("@|faint " + text + "|@"));
    }

    /** A folder that is there until this is closed. */
    private record Temporary(Path folder) implements AutoCloseable {
        static Temporary create() throws IOException {
            return new Temporary(Files.createTempDirectory("serai-demo"));
        }

        @Override
        public void close() throws IOException {
            Utils.delete(folder.toFile());
        }
    }
}
