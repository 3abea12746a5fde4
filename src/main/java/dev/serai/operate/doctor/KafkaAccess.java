package dev.serai.operate.doctor;

import dev.serai.kafka.ClientProperties;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** The way to Kafka that all checks share. Thread-safe. */
final class KafkaAccess implements AutoCloseable {
    /** For each answer: less than a check may take. */
    static final Duration ANSWER = Duration.ofSeconds(5);

    private final Map<String, Object> properties;
    private @Nullable Admin admin;

    /** Connects to nobody until it is asked. */
    KafkaAccess(Map<String, Object> properties) {
        this.properties = Map.copyOf(properties);
    }

    Map<String, Object> properties() {
        return properties;
    }

    String bootstrapServers() {
        return ClientProperties.bootstrapServers(properties);
    }

    /** How a command for an administrator begins. */
    String command(String tool) {
        return tool + " --bootstrap-server " + bootstrapServers() + " ";
    }

    synchronized Admin admin() {
        Admin open = admin;
        if (open == null) {
            open = Admin.create(ClientProperties.within(properties, ANSWER));
            admin = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
