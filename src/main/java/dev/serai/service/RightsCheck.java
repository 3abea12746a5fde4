package dev.serai.service;

import dev.serai.batch.JobRights;
import dev.serai.batch.JobTopics;
import dev.serai.kafka.AccessCheck;
import dev.serai.kafka.AccessCheck.Lack;
import dev.serai.kafka.AccessCheck.Need;
import dev.serai.kafka.AccessCheck.Resource;
import dev.serai.route.KafkaEndpointRules.TopicUse;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.SeraiSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;

/**
 * Whether the topics are there, and whether this client may do with them and with the groups what the service and the routes
 * do. Stateless but for its settings.
 */
final class RightsCheck {
    private final SeraiSettings settings;
    private final Map<String, Object> kafkaProperties;
    private final Duration limit;

    /** @param limit for each of Kafka's answers; at least 1 ms */
    RightsCheck(SeraiSettings settings, Map<String, Object> kafkaProperties, Duration limit) {
        this.settings = settings;
        this.kafkaProperties = kafkaProperties;
        this.limit = limit;
    }

    /**
     * What Kafka said.
     *
     * @param met what is there and allowed
     * @param waitedFor what is missing and stops no start: whoever needs it does nothing until it is there
     * @param ofOutbox what is missing of the topics that are published on with the event
     */
    record Rights(List<Need> met, List<Lack> waitedFor, List<Lack> ofOutbox) {}

    /**
     * Asks Kafka for the topics of the service, of the routes and of the sources, and for what this client may do.
     *
     * @param sourceTopics by the names of their sources
     * @param unborn topics that are not asked for
     * @throws KafkaException if Kafka does not answer in time, or refuses for another reason than rights
     */
    Rights look(StartCheck.Routes routes, Map<String, String> sourceTopics, Set<String> unborn)
            throws InterruptedException {
        List<Need> needs = ownNeeds();
        sourceTopics.forEach((source, topic) -> needs.add(new Need(
                Resource.TOPIC,
                topic,
                AclOperation.READ,
                "source " + source + " has nothing to say until that has changed")));
        Set<String> own = new HashSet<>();
        needs.forEach(need -> own.add(need.name()));
        Set<Need> outbox = new HashSet<>();
        for (Map.Entry<String, List<String>> topic : routes.outboxTopics().entrySet()) {
            if (!own.contains(topic.getKey())) {
                Need need = new Need(
                        Resource.TOPIC,
                        topic.getKey(),
                        AclOperation.WRITE,
                        String.join(" and ", topic.getValue()) + " sends to it with kafkaClientFactory=#outbox");
                outbox.add(need);
                needs.add(need);
            }
        }
        needs.addAll(otherNeeds(routes.otherTopics()));
        JobRights jobs = jobRights();
        if (settings.provision().enabled()) {
            needs.addAll(jobs.needs());
        }
        needs.removeIf(need -> need.resource() == Resource.TOPIC && unborn.contains(need.name()));
        List<Lack> waitedFor = new ArrayList<>();
        List<Lack> ofOutbox = new ArrayList<>();
        List<Lack> lacks = new AccessCheck(kafkaProperties, limit).lacks(needs);
        boolean areJobs = !jobs.areNotNeeded(lacks);
        needs.removeIf(need -> jobs.isOfSeeing(need) || (!areJobs && jobs.has(need)));
        for (Lack lack : lacks) {
            needs.remove(lack.need());
            if (!areJobs && jobs.has(lack.need())) {
                continue;
            }
            (outbox.contains(lack.need()) ? ofOutbox : waitedFor).add(lack);
        }
        return new Rights(needs, waitedFor, ofOutbox);
    }

    /** Of the routes that read and send by themselves, on the service's own cluster. */
    private static Set<Need> otherNeeds(List<TopicUse> topics) {
        Set<Need> needs = new LinkedHashSet<>();
        for (TopicUse use : topics) {
            if (use.isElsewhere()) {
                continue;
            }
            String begins = " begins with it, and takes nothing until that has changed";
            needs.add(
                    use.isRead()
                            ? new Need(Resource.TOPIC, use.topic(), AclOperation.READ, use.place() + begins)
                            : new Need(
                                    Resource.TOPIC,
                                    use.topic(),
                                    AclOperation.WRITE,
                                    use.place() + " sends to it, and fails until that has changed"));
            if (use.groupId() != null) {
                needs.add(new Need(
                        Resource.GROUP,
                        use.groupId(),
                        AclOperation.READ,
                        use.place() + " reads in it, and takes nothing until that has changed"));
            }
        }
        return needs;
    }

    private JobRights jobRights() {
        KafkaSettings kafka = settings.kafka();
        return new JobRights(
                new JobTopics(kafka.jobTopic(), kafka.jobRowTopic()),
                kafka.startTopic(),
                kafka.replyTopic(),
                kafka.groupId());
    }

    private List<Need> ownNeeds() {
        KafkaSettings kafka = settings.kafka();
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
        settings.intake().forEach((name, intake) -> {
            String nothing = "intake " + name + " takes nothing until that has changed";
            needs.add(new Need(Resource.TOPIC, intake.topic(), AclOperation.READ, nothing));
            needs.add(new Need(Resource.GROUP, kafka.groupIdOfIntake(name), AclOperation.READ, nothing));
        });
        if (!settings.intake().isEmpty()) {
            needs.add(new Need(
                    Resource.TOPIC,
                    kafka.startTopic(),
                    AclOperation.WRITE,
                    "no intake can publish the events that it makes until that has changed"));
        }
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
