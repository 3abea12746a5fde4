package dev.serai.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;

/** What all of Kafka's clients are told alike. Stateless. */
public final class ClientProperties {
    private ClientProperties() {}

    /**
     * The properties with a limit for each answer.
     *
     * @param timeout at least 1 ms
     */
    public static Map<String, Object> within(Map<String, Object> properties, Duration timeout) {
        Map<String, Object> limited = new HashMap<>(properties);
        int milliseconds = Math.toIntExact(timeout.toMillis());
        limited.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, milliseconds);
        limited.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, milliseconds);
        return Map.copyOf(limited);
    }

    /** Those of the properties, joined by commas. */
    public static String bootstrapServers(Map<String, Object> properties) {
        Object servers = properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
        return servers instanceof Collection<?> several
                ? several.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(servers);
    }
}
