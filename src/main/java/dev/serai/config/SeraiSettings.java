package dev.serai.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
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
        Embedded embedded) {

    /**
     * The broker and the topics; the four topics differ.
     *
     * @param bootstrapServers {@code host:port} pairs joined by commas; null: the embedded broker
     * @param clientPropertiesFile readable at start-up; null: plain text, no authentication
     * @param maxInFlight start events held at once, at least 1
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
            boolean createTopics,
            int partitions,
            Duration replyRetention) {}

    /**
     * What a start event means when it does not say so itself.
     *
     * @param defaultCharacterId null: an event must name its character
     * @param ttl from the record's timestamp to the deadline
     * @param maxEventBytes largest value of a start event, in bytes
     */
    public record Conversation(@Nullable String defaultCharacterId, Duration ttl, int maxEventBytes) {}

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
     * @param baseUrlSet whether someone set {@code baseUrl}; then {@code apiKey} is not null
     * @param apiKey from the environment or from {@code apiKeyFile}; null: there is none, use the stand-in
     * @param apiKeyFile where {@code apiKey} was read from; null: the key is from the environment, or there is none
     * @param allowedOptions names of the fields that {@code connect_options} may pass on
     * @param maxConcurrent calls at once, at least 1
     * @param maxAttempts calls per event, the first one included; at least 1
     * @param initialBackoff wait before the second attempt; not above {@code maxBackoff}
     * @param maxRetryAfter longest wait that a {@code Retry-After} is believed
     */
    public record Connect(
            URI baseUrl,
            boolean baseUrlSet,
            @Nullable Secret apiKey,
            @Nullable Path apiKeyFile,
            Set<String> allowedOptions,
            int maxConcurrent,
            int maxAttempts,
            Duration initialBackoff,
            Duration maxBackoff,
            Duration maxRetryAfter,
            Duration connectTimeout,
            Duration responseTimeout) {
        public Connect {
            allowedOptions = Set.copyOf(allowedOptions);
        }
    }

    /** Where scenes and dynamic info are looked up. */
    public record Enrich(Source scene, Source dynamicInfo) {}

    /**
     * One system that enriches events.
     *
     * @param baseUrl without a slash at its end and without a query; null: not looked up
     * @param timeout for one look-up as a whole
     */
    public record Source(@Nullable URI baseUrl, Duration timeout) {}

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
