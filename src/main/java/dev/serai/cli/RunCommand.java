package dev.serai.cli;

import dev.serai.service.Backends;
import dev.serai.service.SeraiService;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.Settings;
import java.net.URI;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code serai run}: the service, until it is stopped. */
@Command(
        name = "run",
        description = {
            "Runs the service until it is stopped.",
            "",
            "Kafka is the one that KAFKA_BOOTSTRAP_SERVERS names, else an embedded broker with its data under data/."
                    + " The provider is Convai if CONVAI_API_KEY or CONVAI_API_KEY_FILE is set. If neither is, a stand-in"
                    + " answers on the embedded broker; on a Kafka that is named it does so only with"
                    + " SERAI_CONNECT_STAND_IN=true, and else the start ends with exit code 3. config/README.md lists all"
                    + " settings."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./serai run",
            "  KAFKA_BOOTSTRAP_SERVERS=kafka:9092 CONVAI_API_KEY_FILE=/run/secrets/convai ./serai run --log-format json",
            "  ./serai run --set serai.http.port=9090"
        })
final class RunCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

    @Mixin
    private final SettingsOptions settingsOptions = new SettingsOptions();

    @Override
    public Integer call() throws Exception {
        Settings settings = settingsOptions.loadForService();
        try (var stop = StopSignal.install();
                var environment = environment(settings, stop);
                var service = start(settings, environment.backends(), stop)) {
            KafkaSettings kafka = settings.values().kafka();
            URI observe = service.observeUri();
            log.info("Health: {}/health, metrics: {}/metrics, who waits: {}/waiting", observe, observe, observe);
            log.info(
                    "Ready: {} -> {}, failures to {}; group {}, serai.instance-id {}",
                    kafka.startTopic(),
                    kafka.replyTopic(),
                    kafka.deadLetterTopic(),
                    kafka.groupId(),
                    service.instanceId());
            // The rooms of a stand-in are none.
            if (settings.values().sessions().keyFile() == null
                    && !settings.values().usesStandIn()) {
                log.info(
                        "Open sessions are known to this process only, and nobody ends them after it: to keep them, sealed,"
                                + " in {}, set serai.sessions.key-file",
                        kafka.sessionTopic());
            }
            log.info("{}", HowToPublish.line(settings.values(), environment.bootstrapServers()));
            log.info("{}", HowToPublish.command(settings.values()));
            stop.await();
            log.info("Stopping: no more events are taken, those under way are finished");
        } catch (StopSignal.StoppedException e) {
            log.debug("the start that was stopped", e);
        }
        return ExitCode.OK;
    }

    /** An embedded broker writes files, and is there in seconds. */
    private static ServiceEnvironment environment(Settings settings, StopSignal stop) throws Exception {
        return settings.values().kafka().bootstrapServers() == null
                ? ServiceEnvironment.start(settings.values())
                : interruptible(() -> ServiceEnvironment.start(settings.values()), stop);
    }

    private static SeraiService start(Settings settings, Backends backends, StopSignal stop) throws Exception {
        return interruptible(() -> SeraiService.start(settings, backends), stop);
    }

    /** Said before the process may end. */
    private static <T> T interruptible(Callable<T> start, StopSignal stop) throws Exception {
        try {
            return stop.interruptible(start);
        } catch (StopSignal.StoppedException e) {
            log.info("Stopped during the start: no event was taken");
            throw e;
        }
    }
}
