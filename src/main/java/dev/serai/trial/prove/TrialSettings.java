package dev.serai.trial.prove;

import dev.serai.kafka.ClientProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of every replica, in one place. Stateless. */
final class TrialSettings {
    private static final int MAX_IN_FLIGHT = 64;

    /** {@code maxPollRecords} in routes/start-conversation.camel.yaml: a poll exceeds the room for events by so many. */
    private static final int MAX_POLL_RECORDS = 50;

    /** How many events one replica holds at most, those included that wait to be committed. */
    static final int MOST_HELD = MAX_IN_FLIGHT + MAX_POLL_RECORDS;

    private static final int KEY_BYTES = 32;

    private TrialSettings() {}

    /**
     * As {@code KEY=VALUE}.
     *
     * @param kafkaProperties for the address of Kafka
     * @param clientProperties how Kafka is spoken to; null for plain text
     * @param folder with the routes, for what the replicas need
     */
    static List<String> of(
            TrialNames names,
            TrialPlan plan,
            Map<String, Object> kafkaProperties,
            @Nullable Path clientProperties,
            Path folder)
            throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Path keyFile = folder.resolve("sessions.key");
        Files.writeString(keyFile, Base64.getEncoder().encodeToString(key));
        List<String> settings = new ArrayList<>(List.of(
                "serai.kafka.bootstrap-servers=" + ClientProperties.bootstrapServers(kafkaProperties),
                "serai.kafka.start-topic=" + names.start(),
                "serai.kafka.reply-topic=" + names.replies(),
                "serai.kafka.dead-letter-topic=" + names.deadLetters(),
                "serai.kafka.session-topic=" + names.sessions(),
                "serai.kafka.group-id=" + names.group(),
                "serai.kafka.create-topics=false",
                "serai.kafka.max-in-flight=" + MAX_IN_FLIGHT,
                "serai.routes-dir=" + folder,
                // With it open sessions are kept in the session topic, sealed.
                "serai.sessions.key-file=" + keyFile,
                "serai.connect.max-concurrent=16",
                "serai.connect.one-room-per-event=" + (plan.oneRoomPerEvent() ? "shared-session-key" : "off"),
                // Shorter than the troubles, so that their ends are soon seen; no event may run out of time.
                "serai.connect.response-timeout=5s",
                "serai.connect.max-attempts=6",
                "serai.connect.initial-backoff=50ms",
                "serai.connect.max-backoff=500ms",
                "serai.conversation.ttl=1h",
                "serai.http.port=0"));
        if (clientProperties != null) {
            settings.add("serai.kafka.client-properties-file=" + clientProperties.toAbsolutePath());
        }
        return settings;
    }
}
