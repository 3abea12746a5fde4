package dev.serai;

import dev.serai.config.SeraiSettings;
import dev.serai.route.KafkaEndpointRules;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is looked at when the routes are loaded and none has started: nothing has been consumed yet, so that a mistake
 * costs no event. Stateless but for its settings.
 */
final class StartCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StartCheck.class);

    private final SeraiSettings settings;
    private final Backends backends;

    StartCheck(SeraiSettings settings, Backends backends) {
        this.settings = settings;
        this.backends = backends;
    }

    /**
     * Looks at the routes and at what they need.
     *
     * @throws ServiceStartException if the routes would lose events, answer some twice or take none; with all that is
     *     wrong, where, and what to do
     */
    void requireSound(CamelContext context) {
        SeraiSettings.Kafka kafka = settings.kafka();
        KafkaEndpointRules.Found found =
                new KafkaEndpointRules(kafka.startTopic(), kafka.groupId(), backends.bootstrapServers()).check(context);
        found.warnings().forEach(LOG::warn);
        if (!found.mistakes().isEmpty()) {
            throw new ServiceStartException("the routes in " + settings.routesDir() + " must not start:\n  "
                    + String.join("\n  ", found.mistakes()));
        }
    }
}
