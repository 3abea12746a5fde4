package dev.serai.settings;

import dev.serai.settings.Key.Flat;
import dev.serai.settings.Key.Refused;
import dev.serai.settings.Key.Section;
import dev.serai.settings.Key.Text;
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
 * The settings that Serai runs with, and the one place where each is declared: a component with {@link Key} is a setting,
 * {@code kafka().startTopic()} is {@code serai.kafka.start-topic}. {@code config/README.md} is made of them.
 *
 * <p>Values that come from {@link Settings#load} are within their bounds. Relative paths are relative to the working
 * directory. Immutable; {@code toString} shows no secret.
 *
 * @param tenants by name, in the order of their names; the default tenant, which {@code connect} describes, is not
 *     among them
 * @param sources by name, in the order of their names; every name of a source elsewhere is among them
 * @param intake by name, in the order of their names
 */
public record SeraiSettings(
        @Section("Files")
        @Key(is = Kind.DIRECTORY, or = "data")
        @Text("Where the embedded broker keeps its data; made when missing.")
        Path dataDir,

        @Key(is = Kind.DIRECTORY, or = "routes") @Text("Where the YAML routes are.")
        Path routesDir,

        @Section("Kafka")
        @Key(is = Kind.WORD)
        @Text("Names this replica, and its transactions: another one for each replica, the same after a restart. Not"
                + " set: the host's name.")
        @Nullable
        String instanceId,

        Kafka kafka,
        @Section("Conversations") Conversation conversation,
        @Section("Sessions") Sessions sessions,
        @Section("Connect API") ConnectSettings connect,
        @Section("Enrichment") Enrich enrich,
        @Section("Replies") Reply reply,
        @Section("Provisioning jobs") Provision provision,
        @Section("Servers") Http http,
        Embedded embedded,

        @Refused(name = "default", because = "that tenant's settings are serai.connect.*")
        Map<String, Tenant> tenants,

        @Refused(name = "none", because = "the word stands for no source")
        Map<String, EnrichmentSource> sources,

        Map<String, MappedIntake> intake) {
    public SeraiSettings {
        tenants = Collections.unmodifiableMap(new TreeMap<>(tenants));
        sources = Collections.unmodifiableMap(new TreeMap<>(sources));
        intake = Collections.unmodifiableMap(new TreeMap<>(intake));
    }

    /** Whether there is no API key at all, neither the default tenant's nor another's. */
    public boolean usesStandIn() {
        return connect.apiKey() == null && tenants.values().stream().allMatch(tenant -> tenant.apiKey() == null);
    }

    /** What holds for a tenant: for the default one, which has no settings of its own, what stands for all. */
    public Tenant tenant(String name) {
        return tenants.getOrDefault(
                name,
                new Tenant(
                        connect.apiKey(),
                        connect.apiKeyFile(),
                        connect.baseUrl(),
                        connect.maxConcurrent(),
                        connect.rate(),
                        connect.burst(),
                        connect.maxSessions(),
                        connect.liveReserve(),
                        enrich.sceneSource(),
                        enrich.dynamicInfoSource()));
    }

    /** The broker and the topics; the six topics differ. */
    public record Kafka(
            @Key(is = Kind.SERVERS, alias = "KAFKA_BOOTSTRAP_SERVERS")
            @Text("The Kafka cluster. Not set: the embedded broker.")
            @Nullable
            String bootstrapServers,

            @Key
            @Text("A standard Kafka `client.properties` for TLS and SASL, used by consumer, producers and admin"
                    + " client. Not set: plain text without authentication.")
            @Nullable
            Path clientPropertiesFile,

            @Key(is = Kind.TOPIC, or = "conversation.start")
            @Text("Start and end events come in here. Serai's six topics must differ.")
            String startTopic,

            @Key(is = Kind.TOPIC, or = "conversation.replies")
            @Text("Replies go out here: room credentials, failures, and what end events come to.")
            String replyTopic,

            @Key(is = Kind.TOPIC, or = "conversation.dead-letters") @Text("Events that failed go here, untouched.")
            String deadLetterTopic,

            @Key(is = Kind.TOPIC, or = "conversation.sessions")
            @Text(
                    "Compacted topic with each conversation's latest `character_session_id`; with `serai.sessions.key-file`"
                            + " also with its open sessions, sealed.")
            String sessionTopic,

            @Key(is = Kind.TOPIC, or = "conversation.jobs")
            @Text("Compacted topic of provisioning jobs: what each is, and how far. `serai provision` creates it.")
            String jobTopic,

            @Key(is = Kind.TOPIC, or = "conversation.job-rows")
            @Text("Topic of the rows of provisioning jobs, each a start event that waits for its time."
                    + " `serai provision` creates it.")
            String jobRowTopic,

            @Key(or = "serai") @Text("Consumer group; the same for all replicas.")
            String groupId,

            @Key(or = "1000", in = "1 to 100000")
            @Text("Start events that this process works on at once; those of one tenant are about half of them at"
                    + " most, so that others have places. Sixteen times as many, or as many as the heap allows, wait"
                    + " for that as they came; beyond it, it reads no more.")
            int maxInFlight,

            @Key(is = Kind.SIZE, in = "64KiB to 1024MiB")
            @Text("Keys, values and headers of the start events that this process holds at once; beyond it, it reads"
                    + " no more. A larger event is held alone. Not set: a sixteenth of the JVM's maximum heap"
                    + " (`-Xmx`).")
            @Nullable
            Integer maxInFlightBytes,

            @Key(or = "true")
            @Text("Whether missing topics are created at start-up, with the broker's default replication, and the"
                    + " session topic is given more partitions when the start topic has been given more.")
            boolean createTopics,

            @Key(or = "8", in = "1 to 1000")
            @Text("Partitions of topics that Serai creates; topics that exist are left as they are. The session topic"
                    + " gets as many as the start topic has.")
            int partitions,

            @Key(or = "1h", in = "1m to 30d")
            @Text("How long the reply topic keeps room credentials, when Serai creates it.")
            Duration replyRetention) {
        /** The consumer group of an intake; no name of an intake has a dot. */
        public String groupIdOfIntake(String intake) {
            return groupId + ".intake." + intake;
        }
    }

    /** What a start event means when it does not say so itself. */
    public record Conversation(
            @Key(is = Kind.WORD)
            @Text("Character of events that name none. Not set: such events are rejected.")
            @Nullable
            String defaultCharacterId,

            @Key(or = "2m", in = "1s to 7d")
            @Text(
                    "From a record's timestamp to its deadline, unless the event says `expires_at` or `ttl_ms`, or a client"
                            + " waits for its reply: `serai.reply.default-ttl`.")
            Duration ttl,

            @Key(is = Kind.SIZE, or = "256KiB", in = "1KiB to 16MiB")
            @Text("Largest start event that is read; a larger one is rejected.")
            int maxEventBytes,

            @Key(or = "5s", in = "0ms to 10m")
            @Text("How far ahead of this host's clock a record's timestamp may be; a later one counts as this far"
                    + " ahead.")
            Duration maxClockSkew) {}

    /** What is remembered of conversations. */
    public record Sessions(
            @Key(or = "30d", in = "1h to 3650d")
            @Text("How long after its last answered event a conversation is remembered: its `character_session_id` for"
                    + " each character, and the events that were answered. Also the `retention.ms` of the session"
                    + " topic, when Serai creates it.")
            Duration retention,

            @Key(is = Kind.SEALING_KEYS_FILE)
            @Text(
                    "A file with one or more lines of base64 of 32 bytes each, as `openssl rand -base64 32` writes them: keys"
                            + " that seal open sessions in the session topic, so that they can be ended after a restart, and by"
                            + " the replica that gets their partition. The first seals, all unseal; read again when it changes."
                            + " Not set: open sessions are known to the process only that opened them.")
            @Nullable
            HeldSecret keyFile) {}

    /** Where scenes and dynamic info are looked up, and how much of them is used. */
    public record Enrich(
            @Key(is = Kind.WORD_OR_NONE, or = "none")
            @Text("Name of the source in which `scene_ref` is looked up; `none`: it is not.")
            @Nullable
            String sceneSource,

            @Key(is = Kind.WORD_OR_NONE, or = "none")
            @Text("Name of the source in which `context_ref` is looked up; `none`: it is not.")
            @Nullable
            String dynamicInfoSource,

            @Flat Limits limits) {
        /** How much of what sources say is used. */
        public record Limits(
                @Key(or = "50", in = "1 to 1000")
                @Text("Elements of the whole scene; what the event brings itself counts but is never cut.")
                int maxSceneElements,

                @Key(or = "100", in = "1 to 1000") @Text("A longer name of an element that a source found is cut.")
                int maxNameCharacters,

                @Key(or = "1000", in = "1 to 20000")
                @Text("A longer description of an element that a source found is cut.")
                int maxDescriptionCharacters,

                @Key(or = "10000", in = "1 to 200000")
                @Text("Names and descriptions of the whole scene together; what the event brings itself counts but is"
                        + " never cut.")
                int maxSceneCharacters,

                @Key(or = "10000", in = "1 to 200000")
                @Text("The whole text of the dynamic information; what the event brings itself counts but is never"
                        + " cut.")
                int maxTextCharacters) {}
    }

    /** What a start event's headers may ask of the reply. */
    public record Reply(
            @Key(is = Kind.TOPIC, or = "none")
            @Text(
                    "Topics that a request may name in one of `serai.reply.topic-headers`, besides the reply topic itself.")
            Set<String> allowedTopics,

            @Key(is = Kind.WORD, or = "kafka_replyTopic,REPLY_TOPIC")
            @Text(
                    "Headers in which a request names the topic of its reply: Spring's, and SmallRye's. Of several that are"
                            + " there, the first of this list counts. For clients that were given other names.")
            List<String> topicHeaders,

            @Key(is = Kind.WORD, or = "kafka_replyPartition,REPLY_PARTITION")
            @Text("Headers in which a request names the partition of that topic, in four bytes; likewise.")
            List<String> partitionHeaders,

            @Key(
                    is = Kind.WORD,
                    or = "kafka_correlationId,REPLY_CORRELATION_ID,correlation_id,correlation-id,correlationId,"
                            + "traceparent,tracestate")
            @Text("Headers of an event that its reply echoes, as opaque bytes. By one other than those of tracing a"
                    + " client waits.")
            List<String> correlationHeaders,

            @Key(or = "5s", in = "100ms to 7d")
            @Text("From a record's timestamp to its deadline where a client waits by a correlation header, other than"
                    + " those of tracing, unless the event says `expires_at` or `ttl_ms`. The default is that of"
                    + " Spring's and SmallRye's clients, which give up then; set it to the time-out of yours.")
            Duration defaultTtl,

            @Key(is = Kind.URI_REFERENCE)
            @Text("The `source` of replies to CloudEvents. Not set: `urn:serai:` and the consumer group.")
            @Nullable
            String cloudeventsSource,

            @Key(or = "include")
            @Text("Whether replies have the provider's `session_id`, those of the characters of a room too. It opens"
                    + " further sessions on the account and ends this one; to join a room, LiveKit clients do not need"
                    + " it. `omit` where clients do not end their sessions themselves.")
            SessionId sessionId,

            @Key(or = "true")
            @Text(
                    "Whether an event that was answered with a room, and is sent again, is answered again: with the same room as"
                            + " long as it is known to be open, else with `session_invalid`. `false`: it is passed over; it is told"
                            + " `session_invalid` if it has a correlation header other than those of tracing.")
            boolean repeat) {
        public Reply {
            allowedTopics = Set.copyOf(allowedTopics);
            topicHeaders = List.copyOf(topicHeaders);
            partitionHeaders = List.copyOf(partitionHeaders);
            correlationHeaders = List.copyOf(correlationHeaders);
        }
    }

    /** Whether replies have {@code session_id}, a credential while its session lives. */
    public enum SessionId {
        /** As the provider's answer has it. */
        INCLUDE,
        /** Nowhere in the reply. */
        OMIT
    }

    /** Jobs of {@code serai provision}. */
    public record Provision(
            @Key(or = "true")
            @Text("Whether this replica runs provisioning jobs: publishes the events of their rows when it is time."
                    + " `false` where other replicas do.")
            boolean enabled,

            @Key(is = Kind.DIRECTORY, needs = "outbox")
            @Text("A folder whose files become jobs, made when missing: one replica only may have it. Not set: there is"
                    + " none.")
            @Nullable
            Path inbox,

            @Key(is = Kind.DIRECTORY, needs = "inbox")
            @Text("Where the results of these jobs appear, with the rooms' credentials; made when missing. Another"
                    + " one than the inbox.")
            @Nullable
            Path outbox) {}

    /** Where health checks and metrics are. */
    public record Http(
            @Key(is = Kind.HOST, or = "127.0.0.1") @Text("Address that health checks and metrics listen on.")
            String host,

            @Key(or = "8080", in = "0 to 65535") @Text("Port of health checks and metrics; 0 takes any free one.")
            int port) {}

    /** The embedded broker. */
    public record Embedded(
            @Key(or = "19092", in = "0 to 65535")
            @Text("Port of the embedded broker, on the loopback address; 0 takes any free one.")
            int port) {}

    /**
     * One of several customers of the Connect API, with a key and bounds of its own.
     *
     * @param apiKey also if it is from {@code apiKeyFile}; null exactly if {@link #usesStandIn()}
     * @param baseUrl without a slash at its end: append {@code /connect}
     */
    public record Tenant(
            @Key
            @Text("The tenant's API key; an error in a file or on the command line. Each tenant needs this or the"
                    + " file, unless there is no key at all and the stand-in answers.")
            @Nullable
            Secret apiKey,

            @Key @Text("A file that holds the tenant's API key; read again when it changes.") @Nullable
            HeldSecret apiKeyFile,

            @Key(as = "serai.connect.base-url") @Text("The Connect API of this tenant, without `/connect`.")
            URI baseUrl,

            @Key(as = "serai.connect.max-concurrent") @Text("This tenant's calls at once, of the whole fleet.")
            int maxConcurrent,

            @Key(as = "serai.connect.rate") @Text("This tenant's calls per second, of the whole fleet; 0: no bound.")
            double rate,

            @Key(as = "serai.connect.burst")
            @Text("This tenant's calls that may begin at once after a pause; only with a rate.")
            int burst,

            @Key(as = "serai.connect.max-sessions")
            @Text("This tenant's sessions that may be open at once, of the whole fleet. Tenants with one API key have"
                    + " one plan: share its number out between them.")
            @Nullable
            Integer maxSessions,

            @Key(as = "serai.connect.live-reserve", below = "max-sessions")
            @Text("Slots of this tenant's plan that its batch events leave free for its live callers, of the whole"
                    + " fleet.")
            int liveReserve,

            @Key(as = "serai.enrich.scene-source")
            @Text("Name of the source in which `scene_ref` of this tenant's events is looked up.")
            @Nullable
            String sceneSource,

            @Key(as = "serai.enrich.dynamic-info-source")
            @Text("Name of the source in which `context_ref` of this tenant's events is looked up.")
            @Nullable
            String dynamicInfoSource) {}
}
