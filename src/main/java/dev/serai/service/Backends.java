package dev.serai.service;

import dev.serai.connect.ProviderAccount;
import dev.serai.wire.StartConversation;
import java.net.URI;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The systems that the service works with, real or embedded.
 *
 * @param kafkaProperties for consumers, producers and admin clients, {@code bootstrap.servers} among them; may hold
 *     secrets
 * @param providers the account of each tenant; {@link StartConversation#DEFAULT_TENANT} for events that name none
 * @param sampleData the stand-in that answers in place of a provider, which has sample scenes and customers for events
 *     whose tenant has no sources; null where a provider answers
 * @param ownBroker whether Kafka is the process's own, which ends with it and which nobody else administers
 */
public record Backends(
        Map<String, Object> kafkaProperties,
        Map<String, ProviderAccount> providers,
        @Nullable URI sampleData,
        boolean ownBroker) {

    static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

    public Backends {
        kafkaProperties = Map.copyOf(kafkaProperties);
        providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
    }

    /** On a Kafka that others administer. */
    public Backends(
            Map<String, Object> kafkaProperties, Map<String, ProviderAccount> providers, @Nullable URI sampleData) {
        this(kafkaProperties, providers, sampleData, false);
    }

    /** Whether no provider answers: rooms are none then, and everybody who sees one must be able to know. */
    boolean hasStandIn() {
        return sampleData != null;
    }

    /** The brokers, as clients are given them. */
    public String bootstrapServers() {
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
        return "Backends[" + bootstrapServers() + ", " + providers + "]";
    }
}
