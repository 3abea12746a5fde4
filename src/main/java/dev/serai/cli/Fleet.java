package dev.serai.cli;

import dev.serai.service.SeraiService;
import dev.serai.settings.Settings;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who does the jobs of a command: the service that runs, or one in the process of the command, with a broker. For one thread. */
final class Fleet implements AutoCloseable {
    private final @Nullable Surroundings surroundings;
    private final @Nullable SeraiService service;
    private final Map<String, Object> kafka;

    private Fleet(@Nullable Surroundings surroundings, @Nullable SeraiService service, Map<String, Object> kafka) {
        this.surroundings = surroundings;
        this.service = service;
        this.kafka = kafka;
    }

    /** The Kafka that a running service uses: nothing is started. */
    static Fleet running(Settings settings) throws IOException, InterruptedException {
        return new Fleet(null, null, RunningKafka.properties(settings.values()));
    }

    /** Starts both; the broker's data is where {@code serai run} has it. */
    static Fleet embedded(Settings settings) throws IOException, InterruptedException {
        Surroundings surroundings = Surroundings.start(settings.values());
        try {
            return new Fleet(
                    surroundings,
                    SeraiService.start(settings, surroundings.backends()),
                    surroundings.backends().kafkaProperties());
        } catch (RuntimeException e) {
            surroundings.close();
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
        if (surroundings != null) {
            surroundings.close();
        }
    }
}
