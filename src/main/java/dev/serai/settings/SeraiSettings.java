package dev.serai.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings that Serai runs with. {@code config/README.md} has every key with its default, bounds and meaning;
 * a component here bears the name of its key: {@code serai.kafka.start-topic} is {@code kafka().startTopic()}.
 *
 * <p>Values that come from {@link Settings#load} are within their bounds. Relative paths are relative to the working
 * directory. Immutable; {@code toString} shows no secret.
 *
 * @param dataDir where the embedded broker keeps its data; may not exist yet
 * @param routesDir where the YAML routes are
 * @param instanceId names this replica; null: the host's name
 * @param tenants by name, in the order of their names; the default tenant, which {@code connect} describes, is not
 *     among them
 * @param sources by name, in the order of their names; every name of a source elsewhere is among them
 */
public record SeraiSettings(
        Path dataDir,
        Path routesDir,
        @Nullable String instanceId,
        Kafka kafka,
        Conversation conversation,
        Sessions sessions,
        Connect connect,
        Enrich enrich,
        Reply reply,
        Http http,
        Embedded embedded,
        Map<String, Tenant> tenants,
        Map<String, EnrichmentSource> sources) {
    public SeraiSettings {
        tenants = Collections.unmodifiableMap(new TreeMap<>(tenants));
        sources = Collections.unmodifiableMap(new TreeMap<>(sources));
    }

    /** Whether there is no API key at all, neither the default tenant's nor another's. */
    public boolean usesStandIn() {
        return connect.apiKey() == null && tenants.values().stream().allMatch(tenant -> tenant.apiKey() == null);
    }

    /**
     * The broker and the topics; the four topics differ.
     *
     * @param bootstrapServers {@code host:port} pairs joined by commas; null: the embedded broker
     * @param clientPropertiesFile readable at start-up; null: plain text, no authentication
     * @param maxInFlight start events held at once, at least 1
     * @param maxInFlightBytes of their records together; null: as much as the heap allows
     * @param createTopics whether missing topics are created at start-up
     * @param partitions at least 1; of topics that Serai creates
     */
    public record Kafka(
            @Nullable String bootstrapServers,
            @Nullable Path clientPropertiesFile,
            String startTopic,
            String replyTopic,
            String deadLetterTopic,
            String sessionTopic,
            String groupId,
            int maxInFlight,
            @Nullable Integer maxInFlightBytes,
            boolean createTopics,
            int partitions,
            Duration replyRetention) {}

    /**
     * What a start event means when it does not say so itself.
     *
     * @param defaultCharacterId null: an event must name its character
     * @param ttl from the record's timestamp to the deadline
     * @param maxEventBytes largest value of a start event, in bytes
     * @param maxClockSkew how far ahead of this host's clock a record's timestamp counts; at least 0
     */
    public record Conversation(
            @Nullable String defaultCharacterId, Duration ttl, int maxEventBytes, Duration maxClockSkew) {}

    /**
     * What is remembered of conversations.
     *
     * @param retention since the last answered event
     */
    public record Sessions(Duration retention) {}

    /**
     * The calls of the Connect API.
     *
     * @param baseUrl without a slash at its end and without a query: append {@code /connect}
     * @param baseUrlSet whether someone set {@code baseUrl}; then there is an API key, this one or a tenant's
     * @param apiKey from the environment or from {@code apiKeyFile}; null: there is no default tenant, see
     *     {@link #usesStandIn()}
     * @param apiKeyFile where {@code apiKey} was read from, to be read again with {@link SecretFile}; null: the key is from
     *     the environment, or there is none
     * @param standIn whether the stand-in is to answer also where {@link Kafka#bootstrapServers()} names a Kafka; then
     *     there is no API key
     * @param allowedOptions names of the fields that {@code connect_options} may pass on
     * @param maxConcurrent calls at once of the whole fleet, at least 1
     * @param rate calls per second of the whole fleet; 0: no bound
     * @param burst calls that may begin at once after a pause, at least 1; only with a rate
     * @param maxAttempts calls per event, the first one included; at least 1
     * @param initialBackoff wait before the second attempt; not above {@code maxBackoff}
     * @param maxRetryAfter longest wait that a {@code Retry-After} is believed
     * @param connectTimeout to open a connection
     * @param tlsTimeout for the TLS handshake
     * @param responseTimeout until the answer begins, and between its parts; not above {@code totalTimeout}
     * @param totalTimeout from the start of a call to the end of its answer, connecting included
     * @param trustStore PKCS12, JKS or PEM, readable at start-up; null: what the JDK trusts
     * @param trustStorePassword null if {@code trustStore} is, or has none
     * @param proxy scheme http, with a host and a port, nothing else; null: none
     * @param proxyUser without a colon; null if {@code proxy} is, or asks for none
     * @param proxyPassword null exactly if {@code proxyUser} is
     */
    public record Connect(
            URI baseUrl,
            boolean baseUrlSet,
            @Nullable Secret apiKey,
            @Nullable Path apiKeyFile,
            boolean standIn,
            Set<String> allowedOptions,
            int maxConcurrent,
            double rate,
            int burst,
            int maxAttempts,
            Duration initialBackoff,
            Duration maxBackoff,
            Duration maxRetryAfter,
            Duration connectTimeout,
            Duration tlsTimeout,
            Duration responseTimeout,
            Duration totalTimeout,
            OnUnknownOutcome onUnknownOutcome,
            Gate gate,
            @Nullable Path trustStore,
            @Nullable Secret trustStorePassword,
            @Nullable URI proxy,
            @Nullable String proxyUser,
            @Nullable Secret proxyPassword) {
        public Connect {
            allowedOptions = Set.copyOf(allowedOptions);
        }

        /**
         * When calls begin again that are held back for all events.
         *
         * @param coolDown after an answer that the provider is busy, unless it says how long
         * @param credentialsProbe between calls while the credentials are refused
         * @param outageProbe before the first call after the provider failed as a whole; not above
         *     {@code maxOutageProbe}
         * @param maxOutageProbe longest wait between such calls
         */
        public record Gate(
                Duration coolDown,
                Duration credentialsProbe,
                int outageCalls,
                Duration outageProbe,
                Duration maxOutageProbe) {}
    }

    /** What becomes of an event whose request was sent and not answered, so that it may have opened a session. */
    public enum OnUnknownOutcome {
        /** It is called again; the reply says that there may be two sessions. */
        RETRY,
        /** It is answered with the failure {@code outcome_unknown}. */
        REJECT
    }

    /**
     * One of several customers of the Connect API, with a key and bounds of its own.
     *
     * @param baseUrl without a slash at its end and without a query: append {@code /connect}
     * @param apiKey from the environment or from {@code apiKeyFile}; null exactly if {@link #usesStandIn()}
     * @param apiKeyFile where {@code apiKey} was read from, to be read again with {@link SecretFile}; null: the key is from
     *     the environment, or there is none
     * @param maxConcurrent calls at once of the whole fleet, at least 1
     * @param rate calls per second of the whole fleet; 0: no bound
     * @param burst calls that may begin at once after a pause, at least 1; only with a rate
     * @param sceneSource name of the source in which {@code scene_ref} is looked up; null: it is not
     * @param dynamicInfoSource name of the source in which {@code context_ref} is looked up; null: it is not
     */
    public record Tenant(
            URI baseUrl,
            @Nullable Secret apiKey,
            @Nullable Path apiKeyFile,
            int maxConcurrent,
            double rate,
            int burst,
            @Nullable String sceneSource,
            @Nullable String dynamicInfoSource) {}

    /**
     * Where scenes and dynamic info are looked up, and how much of them is used.
     *
     * @param sceneSource name of the source in which {@code scene_ref} is looked up; null: it is not
     * @param dynamicInfoSource name of the source in which {@code context_ref} is looked up; null: it is not
     */
    public record Enrich(
            @Nullable String sceneSource, @Nullable String dynamicInfoSource, Limits limits) {
        /**
         * How much of what sources say is used, each at least 1. What an event brings itself counts towards the limits
         * of the whole, and is never cut.
         *
         * @param sceneElements of the whole scene
         * @param nameCharacters of one element's name
         * @param descriptionCharacters of one element's description
         * @param sceneCharacters of the names and descriptions of the whole scene together
         * @param textCharacters of the whole text of the dynamic information
         */
        public record Limits(
                int sceneElements,
                int nameCharacters,
                int descriptionCharacters,
                int sceneCharacters,
                int textCharacters) {}
    }

    /**
     * What a start event's headers may ask of the reply.
     *
     * @param allowedTopics topics that {@code kafka_replyTopic} may name besides {@link Kafka#replyTopic()}
     * @param correlationHeaders headers that are echoed as opaque bytes
     */
    public record Reply(Set<String> allowedTopics, List<String> correlationHeaders) {
        public Reply {
            allowedTopics = Set.copyOf(allowedTopics);
            correlationHeaders = List.copyOf(correlationHeaders);
        }
    }

    /**
     * The address of health checks and metrics.
     *
     * @param port 0: any free port
     */
    public record Http(String host, int port) {}

    /**
     * The embedded broker.
     *
     * @param port 0: any free port
     */
    public record Embedded(int port) {}
}
