package dev.serai;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The systems that the service works with, real or embedded.
 *
 * @param kafkaProperties for consumers, producers and admin clients, {@code bootstrap.servers} among them; may hold
 *     secrets
 * @param provider the base URL, without {@code /connect}
 * @param apiKey asked before every call
 * @param scenes where {@code scene_ref} is looked up; null for nowhere
 * @param customers where {@code context_ref} is looked up; null for nowhere
 */
public record Backends(
        Map<String, Object> kafkaProperties,
        URI provider,
        Supplier<String> apiKey,
        @Nullable URI scenes,
        @Nullable URI customers) {

    static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

    public Backends {
        kafkaProperties = Map.copyOf(kafkaProperties);
    }

    String bootstrapServers() {
        return String.valueOf(kafkaProperties.get(BOOTSTRAP_SERVERS));
    }

    /** The Kafka properties but for the brokers, which camel-kafka has a setting of its own for. */
    Map<String, Object> additionalKafkaProperties() {
        Map<String, Object> properties = new HashMap<>(kafkaProperties);
        properties.remove(BOOTSTRAP_SERVERS);
        return properties;
    }

    /** Where things are, and none of the secrets. */
    @Override
    public String toString() {
        return "Backends[" + bootstrapServers() + ", " + provider + "]";
    }
}
