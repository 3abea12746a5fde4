package dev.serai.settings;

import dev.serai.settings.Key.Refused;
import dev.serai.settings.Key.Section;
import dev.serai.settings.Key.Text;
import dev.serai.wire.StartConversation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The settings that Serai runs with. Here, and in the records that it holds, each is declared, once: a component with {@link
 * Key} is a setting, {@code kafka().startTopic()} is {@code serai.kafka.start-topic}. {@code config/README.md} is made of them.
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

        KafkaSettings kafka,
        @Section("Conversations") Conversation conversation,
        @Section("Sessions") Sessions sessions,
        @Section("Connect API") ConnectSettings connect,
        @Section("Enrichment") EnrichSettings enrich,
        @Section("Replies") ReplySettings reply,
        @Section("Provisioning jobs") Provision provision,
        @Section("Servers") Http http,
        Embedded embedded,

        @Refused(name = "default", because = "that tenant's settings are serai.connect.*")
        Map<String, TenantSettings> tenants,

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

    /** Whom events may name: those with settings of their own, and the default one unless only those have keys. */
    public Set<String> tenantNames() {
        Set<String> names = new TreeSet<>(tenants.keySet());
        if (usesStandIn() || connect.apiKey() != null) {
            names.add(StartConversation.DEFAULT_TENANT);
        }
        return names;
    }

    /** What holds for a tenant: for the default one, which has no settings of its own, what stands for all. */
    public TenantSettings tenant(String name) {
        return tenants.getOrDefault(
                name,
                new TenantSettings(
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
                    + " one than the inbox, by whatever links.")
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
}
