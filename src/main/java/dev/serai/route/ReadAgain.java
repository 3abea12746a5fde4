package dev.serai.route;

import dev.serai.loop.Pause;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of a route that begins at a {@code kafka:} endpoint with {@code breakOnFirstError}: a record that it fails on is read
 * again, at full speed and for ever, and Camel names neither file nor step. This says both, and waits before the record
 * is read again: 1 s, each time twice as long, 10 s at most, which is far less than Kafka leaves a consumer between two polls.
 * Thread-safe.
 */
public final class ReadAgain extends RoutePolicySupport {
    private static final Logger LOG = LoggerFactory.getLogger(ReadAgain.class);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration STOP_IS_SEEN_WITHIN = Duration.ofMillis(100);

    private static final String RECORD = "serai.record-of-route";

    private record Position(TopicPartition partition, long offset) {}

    private record Failing(long offset, Pause pause) {}

    private final Map<TopicPartition, Failing> failing = new ConcurrentHashMap<>();

    /** Notes the place of the record: its headers may be gone when the route has ended. */
    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        String topic = exchange.getMessage().getHeader(KafkaConstants.TOPIC, String.class);
        Integer partition = exchange.getMessage().getHeader(KafkaConstants.PARTITION, Integer.class);
        Long offset = exchange.getMessage().getHeader(KafkaConstants.OFFSET, Long.class);
        if (isReadAgain(route) && topic != null && partition != null && offset != null) {
            exchange.setProperty(RECORD, new Position(new TopicPartition(topic, partition), offset));
        }
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        Position position = exchange.getProperty(RECORD, Position.class);
        if (position == null) {
            return;
        }
        Exception failure = exchange.getException();
        if (failure == null) {
            failing.remove(position.partition());
            return;
        }
        Duration pause = failing.compute(
                        position.partition(),
                        (partition, before) -> before != null && before.offset() == position.offset()
                                ? before
                                : new Failing(position.offset(), new Pause(SHORTEST, LONGEST)))
                .pause()
                .longer();
        LOG.warn(
                "The record at {}, offset {}, failed in {}: {}; it is read again in {} s, and what is behind it in its"
                        + " partition waits until it goes through",
                position.partition(),
                position.offset(),
                FailedStep.of(failure).orElseGet(() -> "route " + route.getRouteId()),
                FailureText.of(failure),
                pause.toSeconds());
        sleep(exchange, pause);
    }

    private static boolean isReadAgain(Route route) {
        return route.getEndpoint() instanceof KafkaEndpoint kafka
                && kafka.getConfiguration().isBreakOnFirstError();
    }

    /** On the consumer's own thread; a stop does not wait for it. */
    private static void sleep(Exchange exchange, Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        try {
            while (!exchange.getContext().isStopping() && System.nanoTime() - end < 0) {
                Thread.sleep(STOP_IS_SEEN_WITHIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
