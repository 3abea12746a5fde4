package dev.serai;

import dev.serai.config.SeraiSettings;
import dev.serai.config.Suggestions;
import dev.serai.route.KafkaEndpointRules;
import dev.serai.route.ReferenceRules;
import dev.serai.route.RouteFolder;
import dev.serai.topic.AccessCheck;
import dev.serai.topic.AccessCheck.Lack;
import dev.serai.topic.AccessCheck.Need;
import dev.serai.topic.AccessCheck.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.apache.camel.CamelContext;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is looked at when the routes are loaded and none has started: nothing has been consumed yet, so that a mistake
 * costs no event. Stateless but for its settings.
 *
 * <p>What a route's author can get wrong stops the start. What is missing of the service's own topics and group is a
 * warning: the service waits until it is there, and health tells of it.
 */
final class StartCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StartCheck.class);

    /** The start goes on without the answer then. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private final SeraiSettings settings;
    private final Backends backends;

    StartCheck(SeraiSettings settings, Backends backends) {
        this.settings = settings;
        this.backends = backends;
    }

    /**
     * Looks at the routes and at what they need.
     *
     * @throws InvalidRoutesException if the routes name what is not there, would lose events, answer some twice or take none, or would publish on
     *     a topic that is not there or may not be written to; with all that is wrong, where, and what to do
     */
    void requireSound(CamelContext context) throws InterruptedException {
        SeraiSettings.Kafka kafka = settings.kafka();
        KafkaEndpointRules.Found found =
                new KafkaEndpointRules(kafka.startTopic(), kafka.groupId(), backends.bootstrapServers()).check(context);
        found.warnings().forEach(LOG::warn);
        new RouteFolder(settings.routesDir()).notLoaded().forEach(LOG::warn);
        List<String> mistakes = new ArrayList<>(new ReferenceRules(Suggestions::nearest).mistakes(context));
        mistakes.addAll(found.mistakes());
        mistakes.addAll(lacking(found.outboxTopics()));
        if (!mistakes.isEmpty()) {
            throw new InvalidRoutesException(settings.routesDir(), mistakes);
        }
    }

    /** What the routes' own topics lack; what the service's lack is said in the log. */
    private List<String> lacking(SortedMap<String, List<String>> outboxTopics) throws InterruptedException {
        List<Need> needs = ownNeeds();
        Set<String> own = new HashSet<>();
        needs.forEach(need -> own.add(need.name()));
        for (Map.Entry<String, List<String>> topic : outboxTopics.entrySet()) {
            if (!own.contains(topic.getKey())) {
                needs.add(new Need(
                        Resource.TOPIC,
                        topic.getKey(),
                        AclOperation.WRITE,
                        String.join(" and ", topic.getValue()) + " sends to it with kafkaClientFactory=#outbox"));
            }
        }
        List<String> lacking = new ArrayList<>();
        try {
            for (Lack lack : new AccessCheck(backends.kafkaProperties(), ANSWER_LIMIT).lacks(needs)) {
                if (own.contains(lack.need().name())) {
                    LOG.warn("{}", lack.text());
                } else {
                    lacking.add(lack.text());
                }
            }
        } catch (KafkaException e) {
            LOG.warn("Topics and rights were not looked at, the start goes on without: {}", e.toString());
        }
        return lacking;
    }

    private List<Need> ownNeeds() {
        SeraiSettings.Kafka kafka = settings.kafka();
        List<Need> needs = new ArrayList<>();
        String noEvent = "no event is taken until that has changed";
        needs.add(new Need(Resource.TOPIC, kafka.startTopic(), AclOperation.READ, noEvent));
        needs.add(new Need(Resource.GROUP, kafka.groupId(), AclOperation.READ, noEvent));
        needs.add(new Need(Resource.TOPIC, kafka.sessionTopic(), AclOperation.READ, noEvent));
        needs.add(new Need(
                Resource.TOPIC,
                kafka.sessionTopic(),
                AclOperation.WRITE,
                "no room can be given until that has changed"));
        needs.add(new Need(
                Resource.TOPIC,
                kafka.replyTopic(),
                AclOperation.WRITE,
                "no event can be answered until that has changed"));
        needs.add(new Need(
                Resource.TOPIC,
                kafka.deadLetterTopic(),
                AclOperation.WRITE,
                "no event can be rejected until that has changed"));
        settings.reply().allowedTopics().stream()
                .sorted()
                .forEach(
                        topic -> needs.add(
                                new Need(
                                        Resource.TOPIC,
                                        topic,
                                        AclOperation.WRITE,
                                        "events that name it (serai.reply.allowed-topics) cannot be answered there until that has changed")));
        return needs;
    }
}
