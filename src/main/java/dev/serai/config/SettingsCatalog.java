package dev.serai.config;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.serai.config.PathTypes.SecretFile;
import dev.serai.config.SeraiSettings.OnUnknownOutcome;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every setting that Serai has: the one place to add a key.
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

    /** Of calls at once, and of calls per second. */
    static final int MOST_CALLS = 10_000;

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
                    "Start events that this process holds at once, waiting ones included; beyond it, it reads no more.")
            .orElse("1000");

    static final Setting<Boolean> CREATE_TOPICS = Setting.of(
                    "serai.kafka.create-topics",
                    SettingTypes.trueOrFalse(),
                    "Whether missing topics are created at start-up, with the broker's default replication.")
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

    // Connect API

    static final Setting<URI> BASE_URL = Setting.of(
                    "serai.connect.base-url",
                    Addresses.baseUrl(),
                    "The Connect API without `/connect`. Whoever sets it must set an API key too, or tenants.")
            .orElse("https://live.convai.com")
            .alias("CONVAI_BASE_URL");

    static final Setting<Secret> API_KEY = Setting.of(
                    "serai.connect.api-key",
                    PathTypes.secret(),
                    "Convai's API key; an error in a file or on the command line. Not set, nor a file, nor tenants: the"
                            + " stand-in answers.")
            .alias("CONVAI_API_KEY")
            .fromEnvironmentOnly();

    static final Setting<SecretFile> API_KEY_FILE = Setting.of(
                    "serai.connect.api-key-file",
                    PathTypes.secretFile(),
                    "A file that holds the API key, in place of the key itself; read again when it changes, so that a key"
                            + " can be rotated without a restart.")
            .alias("CONVAI_API_KEY_FILE");

    /** What start events carry as fields of their own, and what would open more sessions than one. */
    static final Set<String> NEVER_OPTIONS = Set.of(
            "character_id",
            "connection_type",
            "character_session_id",
            "dynamic_info",
            "scene_description",
            "speaker_id",
            "end_user_id",
            "end_user_metadata",
            "characters");

    static final Setting<List<String>> ALLOWED_OPTIONS = Setting.of(
                    "serai.connect.allowed-options",
                    SettingTypes.listWithout(
                            NEVER_OPTIONS, "start events carry it themselves, or their reply is for one character"),
                    "Fields of `connect_options` that are passed on to the Connect API. Not among them, and refused here:"
                            + " `character_id`, `connection_type`, `character_session_id`, `dynamic_info`, `scene_description`,"
                            + " `speaker_id`, `end_user_id` and `end_user_metadata`, because start events carry them as fields"
                            + " of their own; `characters`, because a reply is for one character.")
            .orElse(String.join(
                    ",",
                    "action_config",
                    "audio_config",
                    "narrative_template_keys",
                    "emotion_config",
                    "thinking_mode",
                    "respond_modes",
                    "llm_provider",
                    "stt_provider",
                    "disable_live_fallback",
                    "default_tts_enabled",
                    "default_stt_enabled",
                    "vad_params",
                    "turn_detection_config",
                    "blendshape_provider",
                    "blendshape_config",
                    "vision_input_config",
                    "video_track_name",
                    "max_num_participants",
                    "shared_session_key",
                    "mode",
                    "room_name",
                    "room_session_id",
                    "transport",
                    "spawn_agent",
                    "debug",
                    "debug_row_cap",
                    "invocation_metadata"));

    static final Setting<Integer> MAX_CONCURRENT = Setting.of(
                    "serai.connect.max-concurrent",
                    SettingTypes.wholeNumber(1, MOST_CALLS),
                    "Calls at once, of the whole fleet: each replica takes its part, by the partitions of the start topic"
                            + " that it holds. Further events wait for their turn, until their deadline.")
            .orElse("8");

    static final Setting<Double> RATE = Setting.of(
                    "serai.connect.rate",
                    SettingTypes.decimalNumber(MOST_CALLS),
                    "Calls per second, of the whole fleet, shared like `serai.connect.max-concurrent`; 0: no bound.")
            .orElse("0");

    static final Setting<Integer> BURST = Setting.of(
                    "serai.connect.burst",
                    SettingTypes.wholeNumber(1, MOST_CALLS),
                    "Calls that may begin at once after a pause; only with a `serai.connect.rate`.")
            .orElse("1");

    static final Setting<Integer> MAX_ATTEMPTS = Setting.of(
                    "serai.connect.max-attempts",
                    SettingTypes.wholeNumber(1, 10),
                    "Calls per event, the first one included; only failures that may pass are tried again.")
            .orElse("4");

    static final Setting<Duration> INITIAL_BACKOFF = Setting.of(
                    "serai.connect.initial-backoff",
                    Durations.between(ofMillis(1), ofMinutes(5)),
                    "Wait before the second attempt; at most `serai.connect.max-backoff`.")
            .orElse("1s");

    static final Setting<Duration> MAX_BACKOFF = Setting.of(
                    "serai.connect.max-backoff",
                    Durations.between(ofMillis(1), ofMinutes(5)),
                    "Longest wait between two attempts when the answer asks for none.")
            .orElse("8s");

    static final Setting<Duration> MAX_RETRY_AFTER = Setting.of(
                    "serai.connect.max-retry-after",
                    Durations.between(ofMillis(1), ofHours(1)),
                    "A longer `Retry-After` of the answer is cut to this.")
            .orElse("30s");

    static final Setting<Duration> CONNECT_TIMEOUT = Setting.of(
                    "serai.connect.connect-timeout",
                    Durations.between(ofMillis(100), ofMinutes(1)),
                    "To open a connection to the Connect API, or to the proxy.")
            .orElse("5s");

    static final Setting<Duration> TLS_TIMEOUT = Setting.of(
                    "serai.connect.tls-timeout",
                    Durations.between(ofMillis(100), ofMinutes(1)),
                    "For the TLS handshake of a new connection.")
            .orElse("5s");

    static final Setting<Duration> RESPONSE_TIMEOUT = Setting.of(
                    "serai.connect.response-timeout",
                    Durations.between(ofMillis(100), ofMinutes(2)),
                    "From the request until its answer begins, and between the answer's parts; at most"
                            + " `serai.connect.total-timeout`. A call that is given up may still have opened a session.")
            .orElse("10s");

    static final Setting<Duration> TOTAL_TIMEOUT = Setting.of(
                    "serai.connect.total-timeout",
                    Durations.between(ofMillis(100), ofMinutes(5)),
                    "From the start of a call to the end of its answer, connecting included.")
            .orElse("15s");

    static final Setting<OnUnknownOutcome> ON_UNKNOWN_OUTCOME = Setting.of(
                    "serai.connect.on-unknown-outcome",
                    SettingTypes.oneOf(OnUnknownOutcome.class),
                    "A request that was sent and not answered may have opened a session: `retry` calls again, and the"
                            + " reply says `possible_duplicate_session: true`; `reject` answers `outcome_unknown`.")
            .orElse("retry");

    static final Setting<Duration> COOL_DOWN = Setting.of(
                    "serai.connect.gate.cool-down",
                    Durations.between(ofMillis(1), ofHours(1)),
                    "No call begins for so long after an answer that the provider is busy, unless the answer says how"
                            + " long.")
            .orElse("4700ms");

    static final Setting<Duration> CREDENTIALS_PROBE = Setting.of(
                    "serai.connect.gate.credentials-probe",
                    Durations.between(ofMillis(1), ofHours(1)),
                    "Between calls while the credentials are refused.")
            .orElse("30s");

    static final Setting<Integer> OUTAGE_CALLS = Setting.of(
                    "serai.connect.gate.outage-calls",
                    SettingTypes.wholeNumber(2, 100_000),
                    "The provider fails as a whole when two thirds of at least so many calls within 30 s failed.")
            .orElse("10");

    static final Setting<Duration> OUTAGE_PROBE = Setting.of(
                    "serai.connect.gate.outage-probe",
                    Durations.between(ofMillis(1), ofMinutes(10)),
                    "Before the first call after the provider failed as a whole; at most"
                            + " `serai.connect.gate.max-outage-probe`.")
            .orElse("2s");

    static final Setting<Duration> MAX_OUTAGE_PROBE = Setting.of(
                    "serai.connect.gate.max-outage-probe",
                    Durations.between(ofMillis(1), ofHours(1)),
                    "Longest wait between such calls while the provider goes on failing.")
            .orElse("15s");

    static final Setting<Path> TRUST_STORE = Setting.of(
            "serai.connect.trust-store",
            PathTypes.readableFile(),
            "PKCS12, JKS, or PEM certificates, trusted in place of the JDK's.");

    static final Setting<Secret> TRUST_STORE_PASSWORD = Setting.of(
                    "serai.connect.trust-store-password",
                    SettingTypes.password(),
                    "Of `serai.connect.trust-store`, when it has one; an error in a file or on the command line.")
            .fromEnvironmentOnly();

    static final Setting<URI> PROXY = Setting.of(
            "serai.connect.proxy",
            Addresses.proxy(),
            "The HTTP proxy on the way to the Connect API, such as `http://proxy.example:3128`. Not set: none.");

    static final Setting<String> PROXY_USER = Setting.of(
            "serai.connect.proxy-user",
            Addresses.proxyUser(),
            "Who the proxy knows Serai as; with `serai.connect.proxy-password` only.");

    static final Setting<Secret> PROXY_PASSWORD = Setting.of(
                    "serai.connect.proxy-password",
                    SettingTypes.password(),
                    "Of `serai.connect.proxy-user`; an error in a file or on the command line.")
            .fromEnvironmentOnly();

    // Enrichment

    static final Setting<URI> SCENE_BASE_URL = Setting.of(
            "serai.enrich.scene.base-url",
            Addresses.baseUrl(),
            "Where `scene_ref` is looked up. Not set: not looked up; with the stand-in: its sample data.");

    static final Setting<Duration> SCENE_TIMEOUT = lookUpTimeout("serai.enrich.scene.timeout");

    static final Setting<URI> DYNAMIC_INFO_BASE_URL = Setting.of(
            "serai.enrich.dynamic-info.base-url",
            Addresses.baseUrl(),
            "Where `context_ref` is looked up. Not set: not looked up; with the stand-in: its sample data.");

    static final Setting<Duration> DYNAMIC_INFO_TIMEOUT = lookUpTimeout("serai.enrich.dynamic-info.timeout");

    private static Setting<Duration> lookUpTimeout(String key) {
        return Setting.of(key, Durations.between(ofMillis(10), ofMinutes(1)), "For one look-up as a whole.")
                .orElse("2s");
    }

    // Replies

    static final Setting<List<String>> ALLOWED_REPLY_TOPICS = Setting.of(
                    "serai.reply.allowed-topics",
                    SettingTypes.listOf(SettingTypes.topic()),
                    "Topics that a request's `kafka_replyTopic` header may name besides the reply topic itself.")
            .orElse("none");

    static final Setting<List<String>> CORRELATION_HEADERS = Setting.of(
                    "serai.reply.correlation-headers",
                    SettingTypes.listOf(SettingTypes.word()),
                    "Headers of a start event that its reply echoes, as opaque bytes.")
            .orElse("kafka_correlationId,correlation_id,correlation-id,correlationId,traceparent,tracestate");

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
                            CREATE_TOPICS,
                            PARTITIONS,
                            REPLY_RETENTION)),
            new Group("Conversations", List.of(DEFAULT_CHARACTER_ID, TTL, MAX_EVENT_BYTES, MAX_CLOCK_SKEW)),
            new Group("Sessions", List.of(SESSION_RETENTION)),
            new Group(
                    "Connect API",
                    List.of(
                            BASE_URL,
                            API_KEY,
                            API_KEY_FILE,
                            ALLOWED_OPTIONS,
                            MAX_CONCURRENT,
                            RATE,
                            BURST,
                            MAX_ATTEMPTS,
                            INITIAL_BACKOFF,
                            MAX_BACKOFF,
                            MAX_RETRY_AFTER,
                            CONNECT_TIMEOUT,
                            TLS_TIMEOUT,
                            RESPONSE_TIMEOUT,
                            TOTAL_TIMEOUT,
                            ON_UNKNOWN_OUTCOME,
                            COOL_DOWN,
                            CREDENTIALS_PROBE,
                            OUTAGE_CALLS,
                            OUTAGE_PROBE,
                            MAX_OUTAGE_PROBE,
                            TRUST_STORE,
                            TRUST_STORE_PASSWORD,
                            PROXY,
                            PROXY_USER,
                            PROXY_PASSWORD)),
            new Group(
                    "Enrichment", List.of(SCENE_BASE_URL, SCENE_TIMEOUT, DYNAMIC_INFO_BASE_URL, DYNAMIC_INFO_TIMEOUT)),
            new Group("Replies", List.of(ALLOWED_REPLY_TOPICS, CORRELATION_HEADERS)),
            new Group("Servers", List.of(HTTP_HOST, HTTP_PORT, EMBEDDED_PORT)));

    private static final List<Setting<?>> ALL = GROUPS.stream()
            .<Setting<?>>flatMap(group -> group.settings().stream())
            .toList();

    private SettingsCatalog() {}

    /** In the order of the reference. */
    static List<SettingFamily<?>> families() {
        return List.of(TenantSettings.FAMILY);
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
