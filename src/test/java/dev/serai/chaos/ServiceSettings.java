package dev.serai.chaos;

import java.util.ArrayList;
import java.util.List;

/** The settings of every replica, in one place. */
final class ServiceSettings {
    private static final int MAX_IN_FLIGHT = 64;

    /** {@code maxPollRecords} in routes/start-conversation.camel.yaml: a poll exceeds the room for events by so many. */
    private static final int MAX_POLL_RECORDS = 50;

    /** How many events one replica holds at most, those included that wait to be committed. */
    static final int MOST_HELD = MAX_IN_FLIGHT + MAX_POLL_RECORDS;

    private static final int MAX_CONCURRENT = 32;

    private ServiceSettings() {}

    /** As arguments of {@code serai run}. */
    static List<String> of(String instanceId, String bootstrapServers, String providerUrl) {
        List<String> arguments = new ArrayList<>();
        for (String setting : List.of(
                "serai.kafka.bootstrap-servers=" + bootstrapServers,
                "serai.instance-id=" + instanceId,
                "serai.kafka.max-in-flight=" + MAX_IN_FLIGHT,
                "serai.connect.max-concurrent=" + MAX_CONCURRENT,
                "serai.connect.base-url=" + providerUrl,
                // Shorter than the chaos, so that its end is soon seen; no event may run out of time.
                "serai.connect.response-timeout=2s",
                "serai.connect.max-attempts=6",
                "serai.connect.initial-backoff=50ms",
                "serai.connect.max-backoff=500ms",
                "serai.connect.max-retry-after=1s",
                "serai.conversation.ttl=1h",
                "serai.http.port=0")) {
            arguments.add("--set");
            arguments.add(setting);
        }
        return arguments;
    }
}
