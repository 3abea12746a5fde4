package dev.serai.route;

import dev.serai.engine.StartEventClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;

/**
 * How often a consumer of events is to poll.
 *
 * @param place for messages: the route that begins with it, and its file
 * @param topic that it reads
 * @param interval its {@code max.poll.interval.ms}, as its endpoint or the client properties say it, or else what it is given
 * @param longest that it waits for running events when a partition is taken away, and does not poll
 */
public record PollInterval(String place, String topic, Duration interval, Duration longest) {

    /** Of all routes that are loaded. */
    public static List<PollInterval> of(CamelContext context) {
        List<PollInterval> all = new ArrayList<>();
        for (KafkaUse use : KafkaUse.of(context)) {
            if (use.kind() == KafkaUse.Kind.READ
                    && use.endpoint().getKafkaClientFactory() instanceof StartEventClients clients) {
                all.add(new PollInterval(
                        use.place(),
                        use.topic(),
                        clients.pollInterval(use.endpoint().getConfiguration().createConsumerProperties()),
                        clients.drain()));
            }
        }
        return List.copyOf(all);
    }
}
