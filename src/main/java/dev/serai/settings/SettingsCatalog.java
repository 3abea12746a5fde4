package dev.serai.settings;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every setting that Serai has: the one place to add a key, but for large groups, which have a class of their own.
 *
 * <p>A new key also needs its component in {@link SeraiSettings} and a line in {@link SettingsMapping}; a test fails
 * until they are there and until {@code config/README.md} is regenerated. What sources name is looked up with the two
 * {@code find} methods only; they make the settings of a {@link SettingFamily} for the key that they are asked for.
 */
final class SettingsCatalog {
    static final String PREFIX = "serai.";
    static final String ENVIRONMENT_PREFIX = "SERAI_";

    /** Settings that are explained together. */
    record Group(String title, List<Setting<?>> settings) {}

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    // Files

    static final Setting<Path> DATA_DIR = Setting.of(
                    "serai.data-dir",
                    PathTypes.directory(),
                    "Where the embedded broker keeps its data; made when missing.")
            .orElse("data");

    static final Setting<Path> ROUTES_DIR = Setting.of(
                    "serai.routes-dir", PathTypes.directory(), "Where the YAML routes are.")
            .orElse("routes");

    // Kafka

    static final Setting<String> BOOTSTRAP_SERVERS = Setting.of(
                    "serai.kafka.bootstrap-servers",
                    Addresses.servers(),
                    "The Kafka cluster. Not set: the embedded broker.")
            .alias("KAFKA_BOOTSTRAP_SERVERS");

    static final Setting<Path> CLIENT_PROPERTIES_FILE = Setting.of(
            "serai.kafka.client-properties-file",
            PathTypes.readableFile(),
            "A standard Kafka `client.properties` for TLS and SASL, used by consumer, producers and admin client. Not set:"
                    + " plain text without authentication.");

    static final Setting<String> START_TOPIC = Setting.of(
                    "serai.kafka.start-topic",
                    SettingTypes.topic(),
                    "Start events come in here. The four topics must differ.")
            .orElse("conversation.start");

    static final Setting<String> REPLY_TOPIC = Setting.of(
                    "serai.kafka.reply-topic",
                    SettingTypes.topic(),
                    "Replies go out here: room credentials and failures.")
            .orElse("conversation.replies");

    static final Setting<String> DEAD_LETTER_TOPIC = Setting.of(
                    "serai.kafka.dead-letter-topic", SettingTypes.topic(), "Events that failed go here, untouched.")
            .orElse("conversation.dead-letters");

    static final Setting<String> SESSION_TOPIC = Setting.of(
                    "serai.kafka.session-topic",
                    SettingTypes.topic(),
                    "Compacted topic with each conversation's latest `character_session_id`.")
            .orElse("conversation.sessions");

    /** Serai's own. */
    static final List<Setting<String>> TOPICS = List.of(START_TOPIC, REPLY_TOPIC, DEAD_LETTER_TOPIC, SESSION_TOPIC);

    static final Setting<String> GROUP_ID = Setting.of(
                    "serai.kafka.group-id", SettingTypes.text(), "Consumer group; the same for all replicas.")
            .orElse("serai");

    static final Setting<String> INSTANCE_ID = Setting.of(
            "serai.instance-id",
            SettingTypes.word(),
            "Names this replica, and its transactions: another one for each replica, the same after a restart. Not set:"
                    + " the host's name.");

    static final Setting<Integer> MAX_IN_FLIGHT = Setting.of(
                    "serai.kafka.max-in-flight",
                    SettingTypes.wholeNumber(1, 100_000),
                    "Start events that this process works on at once; those of one tenant are about half of them at most, so"
                            + " that others have places. Sixteen times as many, or as many as the heap allows, wait for"
                            + " that as they came; beyond it, it reads no more.")
            .orElse("1000");

    static final Setting<Integer> MAX_IN_FLIGHT_BYTES = Setting.of(
            "serai.kafka.max-in-flight-bytes",
            ByteSizes.between(64 * KIB, 1024 * MIB),
            "Keys, values and headers of the start events that this process holds at once; beyond it, it reads no more. A"
                    + " larger event is held alone. Not set: a sixteenth of the JVM's maximum heap (`-Xmx`).");

    static final Setting<Boolean> CREATE_TOPICS = Setting.of(
                    "serai.kafka.create-topics",
                    SettingTypes.trueOrFalse(),
                    "Whether missing topics are created at start-up, with the broker's default replication, and the session topic"
                            + " is given more partitions when the start topic has been given more.")
            .orElse("true");

    static final Setting<Integer> PARTITIONS = Setting.of(
                    "serai.kafka.partitions",
                    SettingTypes.wholeNumber(1, 1000),
                    "Partitions of topics that Serai creates; topics that exist are left as they are. The session topic gets"
                            + " as many as the start topic has.")
            .orElse("8");

    static final Setting<Duration> REPLY_RETENTION = Setting.of(
                    "serai.kafka.reply-retention",
                    Durations.between(ofMinutes(1), ofDays(30)),
                    "How long the reply topic keeps room credentials, when Serai creates it.")
            .orElse("1h");

    // Conversations

    static final Setting<String> DEFAULT_CHARACTER_ID = Setting.of(
            "serai.conversation.default-character-id",
            SettingTypes.word(),
            "Character of events that name none. Not set: such events are rejected.");

    static final Setting<Duration> TTL = Setting.of(
                    "serai.conversation.ttl",
                    Durations.between(ofSeconds(1), ofDays(7)),
                    "From a record's timestamp to its deadline, unless the event says `expires_at` or `ttl_ms`.")
            .orElse("2m");

    static final Setting<Integer> MAX_EVENT_BYTES = Setting.of(
                    "serai.conversation.max-event-bytes",
                    ByteSizes.between(KIB, 16 * MIB),
                    "Largest start event that is read; a larger one is rejected.")
            .orElse("256KiB");

    static final Setting<Duration> MAX_CLOCK_SKEW = Setting.of(
                    "serai.conversation.max-clock-skew",
                    Durations.between(Duration.ZERO, ofMinutes(10)),
                    "How far ahead of this host's clock a record's timestamp may be; a later one counts as this far"
                            + " ahead.")
            .orElse("5s");

    // Sessions

    static final Setting<Duration> SESSION_RETENTION = Setting.of(
                    "serai.sessions.retention",
                    Durations.between(ofHours(1), ofDays(3650)),
                    "How long after its last answered event a conversation is remembered: its `character_session_id` for"
                            + " each character, and the events that were answered. Also the `retention.ms` of the session"
                            + " topic, when Serai creates it.")
            .orElse("30d");

    // Replies

    static final Setting<List<String>> ALLOWED_REPLY_TOPICS = Setting.of(
                    "serai.reply.allowed-topics",
                    SettingTypes.listOf(SettingTypes.topic()),
                    "Topics that a request's `kafka_replyTopic` or `REPLY_TOPIC` header may name besides the reply topic itself.")
            .orElse("none");

    static final Setting<List<String>> CORRELATION_HEADERS = Setting.of(
                    "serai.reply.correlation-headers",
                    SettingTypes.listOf(SettingTypes.word()),
                    "Headers of a start event that its reply echoes, as opaque bytes.")
            .orElse(
                    "kafka_correlationId,REPLY_CORRELATION_ID,correlation_id,correlation-id,correlationId,traceparent,tracestate");

    // Servers

    static final Setting<String> HTTP_HOST = Setting.of(
                    "serai.http.host", Addresses.host(), "Address that health checks and metrics listen on.")
            .orElse("127.0.0.1");

    static final Setting<Integer> HTTP_PORT = Setting.of(
                    "serai.http.port", Addresses.port(), "Port of health checks and metrics; 0 takes any free one.")
            .orElse("8080");

    static final Setting<Integer> EMBEDDED_PORT = Setting.of(
                    "serai.embedded.port",
                    Addresses.port(),
                    "Port of the embedded broker, on the loopback address; 0 takes any free one.")
            .orElse("19092");

    private static final List<Group> GROUPS = List.of(
            new Group("Files", List.of(DATA_DIR, ROUTES_DIR)),
            new Group(
                    "Kafka",
                    List.of(
                            BOOTSTRAP_SERVERS,
                            CLIENT_PROPERTIES_FILE,
                            START_TOPIC,
                            REPLY_TOPIC,
                            DEAD_LETTER_TOPIC,
                            SESSION_TOPIC,
                            GROUP_ID,
                            INSTANCE_ID,
                            MAX_IN_FLIGHT,
                            MAX_IN_FLIGHT_BYTES,
                            CREATE_TOPICS,
                            PARTITIONS,
                            REPLY_RETENTION)),
            new Group("Conversations", List.of(DEFAULT_CHARACTER_ID, TTL, MAX_EVENT_BYTES, MAX_CLOCK_SKEW)),
            new Group("Sessions", List.of(SESSION_RETENTION)),
            ConnectSettings.GROUP,
            EnrichmentSettings.GROUP,
            new Group("Replies", List.of(ALLOWED_REPLY_TOPICS, CORRELATION_HEADERS)),
            new Group("Servers", List.of(HTTP_HOST, HTTP_PORT, EMBEDDED_PORT)));

    private static final List<Setting<?>> ALL = GROUPS.stream()
            .<Setting<?>>flatMap(group -> group.settings().stream())
            .toList();

    private SettingsCatalog() {}

    /** In the order of the reference. */
    static List<SettingFamily<?>> families() {
        return List.of(TenantSettings.FAMILY, SourceSettings.FAMILY);
    }

    /** As the reference shows them: the families come last. */
    static List<Group> groups() {
        return Stream.concat(GROUPS.stream(), families().stream().map(SettingFamily::group))
                .toList();
    }

    /** All settings with a key of their own, in the order of the reference. */
    static List<Setting<?>> all() {
        return ALL;
    }

    static Optional<Setting<?>> find(String key) {
        return ALL.stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst()
                .or(() -> families().stream()
                        .flatMap(family -> family.find(key).stream())
                        .findFirst());
    }

    static Optional<Setting<?>> findByEnvironmentName(String name) {
        return ALL.stream()
                .filter(setting -> setting.environmentNames().contains(name))
                .findFirst()
                .or(() -> families().stream()
                        .flatMap(family -> family.findByEnvironmentName(name).stream())
                        .findFirst());
    }
}
