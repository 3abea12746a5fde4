package dev.serai.settings;

import dev.serai.settings.Key.Text;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the Connect API: the settings {@code serai.connect.*}, declared as in {@link SeraiSettings}.
 *
 * @param baseUrl without a slash at its end: append {@code /connect}
 * @param apiKey also if it is from {@code apiKeyFile}; null: there is no default tenant, see {@link
 *     SeraiSettings#usesStandIn()}
 */
public record ConnectSettings(
        @Key(or = "https://live.convai.com", alias = "CONVAI_BASE_URL")
        @Text("The Connect API without `/connect`. Whoever sets it must set an API key too, or that of a tenant.")
        URI baseUrl,

        @Key(alias = "CONVAI_API_KEY")
        @Text("Convai's API key; an error in a file or on the command line. Not set, nor a file, nor a tenant's:"
                + " the stand-in answers, but not on a Kafka that is named, unless `serai.connect.stand-in` says"
                + " so.")
        @Nullable
        Secret apiKey,

        @Key(alias = "CONVAI_API_KEY_FILE")
        @Text("A file that holds the API key, in place of the key itself; read again when it changes, so that a"
                + " key can be rotated without a restart.")
        @Nullable
        HeldSecret apiKeyFile,

        @Key(or = "false")
        @Text("Whether the stand-in answers in place of Convai, with rooms that are none, also on a Kafka that is"
                + " named; only without any API key.")
        boolean standIn,

        @Key(
                is = Kind.OPTION,
                or = "action_config,audio_config,narrative_template_keys,emotion_config,thinking_mode,respond_modes,"
                        + "llm_provider,stt_provider,disable_live_fallback,default_tts_enabled,default_stt_enabled,"
                        + "vad_params,turn_detection_config,blendshape_provider,blendshape_config,"
                        + "vision_input_config,video_track_name,max_num_participants,shared_session_key,mode,"
                        + "room_name,room_session_id,transport,spawn_agent,debug,debug_row_cap,"
                        + "invocation_metadata")
        @Text("Fields of `connect_options` that are passed on to the Connect API. Not among them, and refused"
                + " here: `character_id`, `connection_type`, `character_session_id`, `dynamic_info`,"
                + " `scene_description`, `speaker_id`, `end_user_id` and `end_user_metadata`, because start events"
                + " carry them as fields of their own; `characters`, because a reply is for one character.")
        Set<String> allowedOptions,

        @Key(or = "8", in = "1 to 10000")
        @Text("Calls at once, of the whole fleet: each replica takes its part, by the partitions of the start"
                + " topic that it holds. Further events wait for their turn, until their deadline.")
        int maxConcurrent,

        @Key(or = "0", in = "0 to 10000")
        @Text("Calls per second, of the whole fleet, shared like `serai.connect.max-concurrent`; 0: no bound.")
        double rate,

        @Key(or = "1", in = "1 to 10000")
        @Text("Calls that may begin at once after a pause; only with a `serai.connect.rate`.")
        int burst,

        @Key(in = "1 to 100000")
        @Text("Sessions that may be open at once, the plan's number, for the whole fleet and shared like"
                + " `serai.connect.max-concurrent`: while as many are known to be open, events wait instead of being"
                + " answered 429. Not set: no bound but the provider's.")
        @Nullable
        Integer maxSessions,

        @Key(or = "0", in = "0 to 100000", below = "max-sessions")
        @Text("Slots of the plan that batch events (`priority` in events.md) leave free for live callers, of the whole"
                + " fleet and shared like `serai.connect.max-sessions`; below that. Where that is not set, the plan is"
                + " taken to be as large as it was when the provider last answered 429, for"
                + " `serai.connect.session-idle`.")
        int liveReserve,

        @Key(or = "4", in = "1 to 10")
        @Text("Calls of an event that may fail, the first one included, before it is given up; those that fail"
                + " while others' fail as well are not counted. Only failures that may pass are tried again.")
        int maxAttempts,

        @Key(or = "1s", in = "1ms to 5m", atMost = "max-backoff")
        @Text("Wait before the second attempt, or up to half of it less; at most `serai.connect.max-backoff`.")
        Duration initialBackoff,

        @Key(or = "8s", in = "1ms to 5m") @Text("Longest wait between two attempts when the answer asks for none.")
        Duration maxBackoff,

        @Key(or = "30s", in = "1ms to 1h") @Text("A longer `Retry-After` of the answer is cut to this.")
        Duration maxRetryAfter,

        @Key(or = "5s", in = "100ms to 1m") @Text("To open a connection to the Connect API, or to the proxy.")
        Duration connectTimeout,

        @Key(or = "5s", in = "100ms to 1m") @Text("For the TLS handshake of a new connection.")
        Duration tlsTimeout,

        @Key(or = "10s", in = "100ms to 2m", atMost = "total-timeout")
        @Text("From the request until its answer begins, and between the answer's parts; at most"
                + " `serai.connect.total-timeout`. A call that is given up may still have opened a session.")
        Duration responseTimeout,

        @Key(or = "15s", in = "100ms to 5m")
        @Text("From the start of a call to the end of its answer, connecting included.")
        Duration totalTimeout,

        @Key(or = "retry")
        @Text("A request that was sent and not answered may have opened a session: `retry` calls again, and the"
                + " reply says `possible_duplicate_session: true`; `reject` answers `outcome_unknown`, also while"
                + " the provider fails as a whole.")
        OnUnknownOutcome onUnknownOutcome,

        @Key(or = "off")
        @Text(
                "Whether all calls of an event come to one room, also after a crash: `shared-session-key` opens each room"
                        + " under a key of its event, and joins it where it is there already. Never tried against Convai itself.")
        OneRoomPerEvent oneRoomPerEvent,

        @Key(or = "5m", in = "10s to 24h")
        @Text(
                "How long a session counts as open that was not ended, after its opening or the time that it was to be"
                        + " ended at: the provider does not tell when one ends. An end event ends sessions of the last 24 hours all the same.")
        Duration sessionIdle,

        @Key(in = "1s to 24h")
        @Text("Serai ends every session so long after it was opened, or earlier if its event says so with"
                + " `close_after_ms`. Not set: only where events do.")
        @Nullable
        Duration maxSession,

        Gate gate,

        @Key @Text("PKCS12, JKS, or PEM certificates, trusted in place of the JDK's.") @Nullable
        Path trustStore,

        @Key(is = Kind.PASSWORD, needs = "trust-store")
        @Text("Of `serai.connect.trust-store`, when it has one; an error in a file or on the command line.")
        @Nullable
        Secret trustStorePassword,

        @Key(is = Kind.PROXY)
        @Text("The HTTP proxy on the way to the Connect API, such as `http://proxy.example:3128`. Not set: none.")
        @Nullable
        URI proxy,

        @Key(
                is = Kind.PROXY_USER,
                needs = {"proxy", "proxy-password"})
        @Text("Who the proxy knows Serai as; with `serai.connect.proxy-password` only.")
        @Nullable
        String proxyUser,

        @Key(
                is = Kind.PASSWORD,
                needs = {"proxy", "proxy-user"})
        @Text("Of `serai.connect.proxy-user`; an error in a file or on the command line.")
        @Nullable
        Secret proxyPassword) {
    public ConnectSettings {
        allowedOptions = Set.copyOf(allowedOptions);
    }

    /** When calls begin again that are held back for all events. */
    public record Gate(
            @Key(or = "4700ms", in = "1ms to 1h")
            @Text("No call begins for so long after an answer that the provider is busy, unless the answer says"
                    + " how long.")
            Duration coolDown,

            @Key(or = "30s", in = "1ms to 1h")
            @Text("Between calls while the credentials are refused, or the plan is used up.")
            Duration credentialsProbe,

            @Key(or = "10", in = "2 to 100000")
            @Text("The provider fails as a whole when so many events in a row were called for and failed; or a"
                    + " fifth of them, and at least 2, if nothing else came of any call for 3 s.")
            int outageCalls,

            @Key(or = "2s", in = "1ms to 10m", atMost = "max-outage-probe")
            @Text("Before the first call after the provider failed as a whole; at most"
                    + " `serai.connect.gate.max-outage-probe`.")
            Duration outageProbe,

            @Key(or = "15s", in = "1ms to 1h")
            @Text("Longest wait between such calls while the provider goes on failing.")
            Duration maxOutageProbe) {}

    /** What becomes of an event whose request was sent and not answered, so that it may have opened a session. */
    public enum OnUnknownOutcome {
        /** It is called again; the reply says that there may be two sessions. */
        RETRY,
        /** It is answered with the failure {@code outcome_unknown}. */
        REJECT
    }

    /** Whether an event that is called for again, by whichever replica, gets the room that its earlier call opened. */
    public enum OneRoomPerEvent {
        /** Each call opens a room of its own. */
        OFF,
        /** By the provider's {@code shared_session_key}. */
        SHARED_SESSION_KEY
    }
}
