package dev.serai.route;

import dev.serai.engine.OutboxClients;
import dev.serai.engine.StartEventClients;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.component.kafka.PollOnError;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code kafka:} endpoints of the routes must be like so that each start event is taken once and answered once:
 * one route, and only one, reads the start topic with {@code kafkaClientFactory=#startEvents}, in the service's group,
 * and nothing of camel-kafka's own commits, skips or repeats records. To be looked at when the routes are loaded and
 * before they start. Immutable.
 *
 * @param startTopic that of {@code serai.kafka.start-topic}
 * @param groupId that of {@code serai.kafka.group-id}
 * @param bootstrapServers the brokers that the service works with
 */
public record KafkaEndpointRules(String startTopic, String groupId, String bootstrapServers) {
    private static final String FACTORY = "kafkaClientFactory=#startEvents";

    /**
     * What was found.
     *
     * @param mistakes each names its route and file, what is wrong, and what to do; with any, the routes must not start
     * @param warnings what goes well as long as all replicas do the same
     * @param outboxTopics the topics that endpoints with {@code kafkaClientFactory=#outbox} name, each with the places
     *     that send to it
     * @param others what else the routes read and send to
     */
    public record Found(
            List<String> mistakes,
            List<String> warnings,
            SortedMap<String, List<String>> outboxTopics,
            List<TopicUse> others) {}

    /**
     * A topic that a route uses by itself, and not with the event.
     *
     * @param place for messages: the route and its file, and the step that sends to it
     * @param groupId that it is read in; null if it is sent to, or if the endpoint names none
     * @param isElsewhere whether the endpoint names brokers, or credentials, of its own
     */
    public record TopicUse(
            String place,
            String topic,
            boolean isRead,
            @Nullable String groupId,
            boolean isElsewhere) {}

    /** Looks at all routes that are loaded. */
    public Found check(CamelContext context) {
        Found found = new Found(new ArrayList<>(), new ArrayList<>(), new TreeMap<>(), new ArrayList<>());
        List<String> readers = new ArrayList<>();
        for (KafkaUse use : KafkaUse.of(context)) {
            KafkaEndpoint endpoint = use.endpoint();
            if (endpoint.getKafkaClientFactory() instanceof StartEventClients) {
                if (use.kind() == KafkaUse.Kind.READ) {
                    readers.add(use.place());
                    checkReader(use, found);
                } else {
                    found.mistakes()
                            .add(
                                    use.place() + ": " + FACTORY + " is for the one route that begins with the start"
                                            + " topic, and cannot be used here; leave it out, or name #outbox to publish with the event");
                }
            } else {
                checkOther(use, found);
            }
        }
        checkCount(readers, found.mistakes());
        return found;
    }

    private void checkCount(List<String> readers, List<String> mistakes) {
        if (readers.isEmpty()) {
            mistakes.add("no route takes start events: one must begin with kafka:" + startTopic + " and " + FACTORY
                    + ", as start-conversation.camel.yaml does");
        } else if (readers.size() > 1) {
            mistakes.add(
                    String.join(" and ", readers) + " both begin with " + FACTORY + ", which one route alone may do:"
                            + " begin the others with a plain kafka: endpoint and a groupId of their own, or remove them");
        }
    }

    private void checkReader(KafkaUse use, Found found) {
        KafkaEndpoint endpoint = use.endpoint();
        KafkaConfiguration settings = endpoint.getConfiguration();
        Mistakes mistakes = new Mistakes(use.place(), found.mistakes());
        if (!startTopic.equals(settings.getTopic())) {
            mistakes.add(FACTORY + " with topic " + settings.getTopic() + ", but it is for " + startTopic
                    + " (serai.kafka.start-topic) alone: for a topic of your own use a plain kafka: endpoint without that"
                    + " factory, with a groupId of its own, in a route that sends them on to kafka:" + startTopic);
        }
        mistakes.unless(
                "groupId", settings.getGroupId(), groupId, "offsets are committed in the group serai.kafka.group-id");
        checkBrokers(settings, mistakes);
        mistakes.unless("consumersCount", settings.getConsumersCount(), 1, "the lanes run many events at once anyway");
        if (endpoint.getKafkaManualCommitFactory() != endpoint.getKafkaClientFactory()) {
            mistakes.add("kafkaManualCommitFactory is "
                    + (endpoint.getKafkaManualCommitFactory() == null ? "not set" : "another")
                    + ", must be #startEvents as kafkaClientFactory is: events come without their place in the bookkeeping"
                    + " else");
        }
        String commits = "an offset is committed with the event's reply and not before";
        mistakes.unless("autoCommitEnable", settings.isAutoCommitEnable(), false, commits);
        mistakes.unless("allowManualCommit", settings.isAllowManualCommit(), true, commits);
        mistakes.unless(
                "isolationLevel",
                settings.getIsolationLevel(),
                "read_committed",
                "events of aborted transactions are answered else");
        mistakes.unless(
                "pollOnError",
                settings.getPollOnError(),
                PollOnError.RECONNECT,
                "any other skips records of every partition, or ends the consumer");
        String repeats = "camel-kafka would read records again that are under way";
        mistakes.unless("breakOnFirstError", settings.isBreakOnFirstError(), false, repeats);
        mistakes.unless("seekTo", settings.getSeekTo(), null, repeats);
        mistakes.unless("offsetRepository", settings.getOffsetRepository(), null, repeats);
        mistakes.unless("batching", settings.isBatching(), false, "each event is an exchange of its own");
        mistakes.unless("topicIsPattern", settings.isTopicIsPattern(), false, "there is one start topic");
        String bytes = "a record that is no text must not fail the poll";
        mistakes.unless("keyDeserializer", settings.getKeyDeserializer(), ByteArrayDeserializer.class.getName(), bytes);
        mistakes.unless(
                "valueDeserializer", settings.getValueDeserializer(), ByteArrayDeserializer.class.getName(), bytes);
        if (use.pausable()) {
            mistakes.add("a pausable or resumable step, which reads records again: take it out; the consumer pauses by"
                    + " itself when too many events are held");
        }
        checkEffective(settings, mistakes, found.warnings());
    }

    /** What reaches Kafka's consumer: properties that are added win over the endpoint's options. */
    private static void checkEffective(KafkaConfiguration settings, Mistakes mistakes, List<String> warnings) {
        Map<String, Object> added = settings.getAdditionalProperties();
        Map<String, Object> wanted = Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                "false",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class.getName(),
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class.getName());
        Properties effective = settings.createConsumerProperties();
        new TreeMap<>(wanted).forEach((key, value) -> {
            String is = String.valueOf(effective.get(key));
            if (added.containsKey(key) && !value.equals(is)) {
                mistakes.add(
                        key + " is " + is + " among the additional properties, must be " + value
                                + ": take it out of the endpoint's additionalProperties, or of serai.kafka.client-properties-file");
            }
        });
        String assignor = String.valueOf(effective.get(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG));
        if (!assignor.equals(CooperativeStickyAssignor.class.getName())) {
            warnings.add(mistakes.place + ": partitionAssignor is " + assignor + ", not "
                    + CooperativeStickyAssignor.class.getName()
                    + ": a replica with another one cannot join the group, and"
                    + " each rebalance may stop all partitions; all replicas must change at once");
        }
    }

    private void checkOther(KafkaUse use, Found found) {
        KafkaEndpoint endpoint = use.endpoint();
        KafkaConfiguration settings = endpoint.getConfiguration();
        Mistakes mistakes = new Mistakes(use.place(), found.mistakes());
        boolean outbox = endpoint.getKafkaClientFactory() instanceof OutboxClients;
        if (outbox && use.kind() == KafkaUse.Kind.READ) {
            mistakes.add(
                    "kafkaClientFactory=#outbox is for endpoints that are sent to, and a route begins with this one:"
                            + " leave it out");
        } else if (outbox) {
            checkBrokers(settings, mistakes);
            found.outboxTopics()
                    .computeIfAbsent(settings.getTopic(), first -> new ArrayList<>())
                    .add(use.place());
        } else {
            noteTopics(use, found.others());
        }
        if (endpoint.getKafkaManualCommitFactory() instanceof StartEventClients) {
            mistakes.add(
                    "kafkaManualCommitFactory=#startEvents without " + FACTORY + ": records that did not come from"
                            + " that client have no place in its bookkeeping; name both for the start topic, neither elsewhere");
        }
        if (use.kind() == KafkaUse.Kind.READ && groupId.equals(settings.getGroupId())) {
            mistakes.add(
                    "groupId is " + groupId + ", the service's own (serai.kafka.group-id): two kinds of consumers in"
                            + " one group take partitions from each other; give this one a groupId of its own");
        }
    }

    /** As far as the endpoint says them: a pattern does not, and a header may name another than the one that is sent to. */
    private void noteTopics(KafkaUse use, List<TopicUse> topics) {
        KafkaConfiguration settings = use.endpoint().getConfiguration();
        if (use.kind() == KafkaUse.Kind.UNKNOWN || settings.isTopicIsPattern()) {
            return;
        }
        boolean isRead = use.kind() == KafkaUse.Kind.READ;
        boolean isElsewhere = settings.getSaslJaasConfig() != null
                || (settings.getBrokers() != null
                        && !listed(settings.getBrokers()).equals(listed(bootstrapServers)));
        for (String topic : isRead ? listed(settings.getTopic()) : Set.of(settings.getTopic())) {
            topics.add(new TopicUse(use.place(), topic, isRead, isRead ? settings.getGroupId() : null, isElsewhere));
        }
    }

    private void checkBrokers(KafkaConfiguration settings, Mistakes mistakes) {
        String brokers = settings.getBrokers();
        if (brokers != null && !listed(brokers).equals(listed(bootstrapServers))) {
            mistakes.add("brokers is " + brokers + ", must be the service's own, " + bootstrapServers
                    + ": an event's offset and what it publishes are one transaction of one cluster; leave it out");
        }
    }

    private static Set<String> listed(String names) {
        return new HashSet<>(List.of(names.trim().split("\\s*,\\s*", -1)));
    }

    /** Collects what is wrong at one place. */
    private record Mistakes(String place, List<String> all) {
        void add(String mistake) {
            all.add(place + ": " + mistake);
        }

        void unless(String option, @Nullable Object is, @Nullable Object wanted, String reason) {
            if (!Objects.equals(is, wanted)) {
                add(option + " is " + (is == null ? "not set" : is) + ", must "
                        + (wanted == null ? "not be set" : "be " + wanted) + ": " + reason);
            }
        }
    }
}
