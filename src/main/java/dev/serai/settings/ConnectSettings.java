package dev.serai.settings;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;

import dev.serai.settings.PathTypes.HeldSecret;
import dev.serai.settings.SeraiSettings.OnUnknownOutcome;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The settings of the calls of the Connect API: the keys {@code serai.connect.*}. */
final class ConnectSettings {
    /** Of calls at once, and of calls per second. */
    static final int MOST_CALLS = 10_000;

    static final Setting<URI> BASE_URL = Setting.of(
                    "serai.connect.base-url",
                    Addresses.baseUrl(),
                    "The Connect API without `/connect`. Whoever sets it must set an API key too, or that of a tenant.")
            .orElse("https://live.convai.com")
            .alias("CONVAI_BASE_URL");

    static final Setting<Secret> API_KEY = Setting.of(
                    "serai.connect.api-key",
                    PathTypes.secret(),
                    "Convai's API key; an error in a file or on the command line. Not set, nor a file, nor a tenant's:"
                            + " the stand-in answers, but not on a Kafka that is named, unless"
                            + " `serai.connect.stand-in` says so.")
            .alias("CONVAI_API_KEY")
            .fromEnvironmentOnly();

    static final Setting<HeldSecret> API_KEY_FILE = Setting.of(
                    "serai.connect.api-key-file",
                    PathTypes.secretFile(),
                    "A file that holds the API key, in place of the key itself; read again when it changes, so that a key"
                            + " can be rotated without a restart.")
            .alias("CONVAI_API_KEY_FILE");

    static final Setting<Boolean> STAND_IN = Setting.of(
                    "serai.connect.stand-in",
                    SettingTypes.trueOrFalse(),
                    "Whether the stand-in answers in place of Convai, with rooms that are none, also on a Kafka that is"
                            + " named; only without any API key.")
            .orElse("false");

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
                    "Calls of an event that may fail, the first one included, before it is given up; those that fail while"
                            + " others' fail as well are not counted. Only failures that may pass are tried again.")
            .orElse("4");

    static final Setting<Duration> INITIAL_BACKOFF = Setting.of(
                    "serai.connect.initial-backoff",
                    Durations.between(ofMillis(1), ofMinutes(5)),
                    "Wait before the second attempt, or up to half of it less; at most `serai.connect.max-backoff`.")
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
                            + " reply says `possible_duplicate_session: true`; `reject` answers `outcome_unknown`, also while the"
                            + " provider fails as a whole.")
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
                    "The provider fails as a whole when so many events in a row were called for and failed; or a fifth of"
                            + " them, and at least 2, if nothing else came of any call for 3 s.")
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

    static final SettingsCatalog.Group GROUP = new SettingsCatalog.Group(
            "Connect API",
            List.of(
                    BASE_URL,
                    API_KEY,
                    API_KEY_FILE,
                    STAND_IN,
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
                    PROXY_PASSWORD));

    private ConnectSettings() {}
}
