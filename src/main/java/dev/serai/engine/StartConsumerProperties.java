package dev.serai.engine;

import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * What the endpoint of the start topic says of its consumer, and what that is given instead.
 *
 * @param own of the client: it never decides itself where to read on
 * @param fromBeginning where reading begins of which nothing is committed: at the log's beginning, or its end
 * @param pollInterval how long a poll may be away before the group takes the consumer for dead
 */
record StartConsumerProperties(Properties own, boolean fromBeginning, Duration pollInterval) {
    /** What is polled takes milliseconds to hand over; a machine that stands still for a moment must not cost a rebalance. */
    private static final Duration SLACK = Duration.ofSeconds(30);

    /**
     * @param drain how long running events may take to end when their partition is taken away
     * @throws IllegalArgumentException if the endpoint's {@code autoOffsetReset} is neither earliest nor latest
     */
    static StartConsumerProperties of(Properties endpoint, Duration drain) {
        Duration pollInterval = pollInterval(endpoint, drain);
        Properties own = new Properties();
        own.putAll(endpoint);
        own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        own.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, Long.toString(pollInterval.toMillis()));
        return new StartConsumerProperties(own, isFromBeginning(endpoint), pollInterval);
    }

    private static boolean isFromBeginning(Properties properties) {
        String reset = properties.getProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        return switch (reset) {
            case "earliest" -> true;
            case "latest" -> false;
            default ->
                throw new IllegalArgumentException(
                        "autoOffsetReset of the endpoint with kafkaClientFactory=#startEvents"
                                + " must be earliest or latest, was " + reset);
        };
    }

    /**
     * How long a poll may be away: as the endpoint says or, where it says nothing, until the events have ended that run when
     * a partition is taken away, and some more.
     */
    private static Duration pollInterval(Properties properties, Duration drain) {
        Object named = properties.get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
        return named == null ? drain.plus(SLACK) : Duration.ofMillis(Long.parseLong(named.toString()));
    }
}
