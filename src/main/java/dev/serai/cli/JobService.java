package dev.serai.cli;

import dev.serai.service.SeraiService;
import dev.serai.settings.Settings;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who does the jobs of a command: the service that runs, or one in the process of the command, with a broker. For one thread. */
final class JobService implements AutoCloseable {
    private final @Nullable ServiceEnvironment environment;
    private final @Nullable SeraiService service;
    private final Map<String, Object> kafka;

    private JobService(
            @Nullable ServiceEnvironment environment, @Nullable SeraiService service, Map<String, Object> kafka) {
        this.environment = environment;
        this.service = service;
        this.kafka = kafka;
    }

    /** The Kafka that a running service uses: nothing is started. */
    static JobService running(Settings settings) throws IOException, InterruptedException {
        return new JobService(null, null, RunningKafka.properties(settings.values()));
    }

    /** Starts both; the broker's data is where {@code serai run} has it. */
    static JobService embedded(Settings settings) throws IOException, InterruptedException {
        ServiceEnvironment environment = ServiceEnvironment.start(settings.values());
        try {
            return new JobService(
                    environment,
                    SeraiService.start(settings, environment.backends()),
                    environment.backends().kafkaProperties());
        } catch (RuntimeException e) {
            environment.close();
            throw e;
        }
    }

    /** What Kafka's clients are made from. */
    Map<String, Object> kafka() {
        return kafka;
    }

    boolean isEmbedded() {
        return service != null;
    }

    @Override
    public void close() {
        if (service != null) {
            service.close();
        }
        if (environment != null) {
            environment.close();
        }
    }
}
