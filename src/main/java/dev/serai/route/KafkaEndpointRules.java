package dev.serai.route;

import dev.serai.engine.OutboxClients;
import dev.serai.engine.ReadTopic;
import dev.serai.engine.StartEventClients;
import java.util.ArrayList;
import java.util.Comparator;
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
 * What the {@code kafka:} endpoints of the routes must be like so that each event is taken once and answered once: of each
 * topic that the service reads event by event, which are the start topic and those of intakes, one route is the reader, and
 * only one, with the topic's own {@code kafkaClientFactory} and in its group, and nothing of camel-kafka's own commits, skips
 * or repeats records. To be looked at when the routes are loaded and
 * before they start. Immutable.
 *
 * @param startTopic that of {@code serai.kafka.start-topic}
 * @param bootstrapServers the brokers that the service works with
 */
public record KafkaEndpointRules(String startTopic, String bootstrapServers) {
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
        Map<ReadTopic, List<String>> readers = new TreeMap<>(Comparator.comparing(ReadTopic::bean));
        for (StartEventClients clients : context.getRegistry().findByType(StartEventClients.class)) {
            readers.put(clients.reads(), new ArrayList<>());
        }
        for (KafkaUse use : KafkaUse.of(context)) {
            KafkaEndpoint endpoint = use.endpoint();
            if (endpoint.getKafkaClientFactory() instanceof StartEventClients clients) {
                ReadTopic reads = clients.reads();
                if (use.kind() == KafkaUse.Kind.READ) {
                    readers.computeIfAbsent(reads, any -> new ArrayList<>()).add(use.place());
                    checkReader(use, reads, found);
                } else {
                    found.mistakes()
                            .add(
                                    use.place() + ": " + reads.option() + " is for the one route that begins with "
                                            + name(reads)
                                            + ", and cannot be used here; leave it out, or name #outbox to publish with the event");
                }
            } else {
                checkOther(use, readers.keySet(), found);
            }
        }
        readers.forEach((reads, places) -> checkCount(reads, places, found.mistakes()));
        return found;
    }

    private boolean isStart(ReadTopic reads) {
        return reads.topic().equals(startTopic);
    }

    private String name(ReadTopic reads) {
        return isStart(reads) ? "the start topic" : "topic " + reads.topic();
    }

    private void checkCount(ReadTopic reads, List<String> readers, List<String> mistakes) {
        if (readers.isEmpty()) {
            mistakes.add("no route takes " + reads.events() + ": one must begin with kafka:" + reads.topic() + " and "
                    + reads.option()
                    + (isStart(reads)
                            ? ", as start-conversation.camel.yaml does"
                            : ", as the template in intake/mapped-intake.camel.yaml does"));
        } else if (readers.size() > 1) {
            mistakes.add(String.join(" and ", readers) + " both begin with " + reads.option()
                    + ", which one route alone may do:"
                    + " begin the others with a plain kafka: endpoint and a groupId of their own, or remove them");
        }
    }

    private void checkReader(KafkaUse use, ReadTopic reads, Found found) {
        KafkaEndpoint endpoint = use.endpoint();
        KafkaConfiguration settings = endpoint.getConfiguration();
        Mistakes mistakes = new Mistakes(use.place(), found.mistakes());
        if (!reads.topic().equals(settings.getTopic())) {
            mistakes.add(reads.option() + " with topic " + settings.getTopic() + ", but it is for " + reads.topic()
                    + (isStart(reads) ? " (serai.kafka.start-topic)" : "")
                    + " alone: for a topic of your own use a plain kafka: endpoint without that"
                    + " factory, with a groupId of its own, in a route that sends them on to kafka:" + startTopic);
        }
        mistakes.unless(
                "groupId",
                settings.getGroupId(),
                reads.groupId(),
                "offsets are committed in the group "
                        + (isStart(reads) ? "serai.kafka.group-id" : "of the intake, {{groupId}} in its template"));
        checkBrokers(settings, mistakes);
        mistakes.unless("consumersCount", settings.getConsumersCount(), 1, "the lanes run many events at once anyway");
        if (endpoint.getKafkaManualCommitFactory() != endpoint.getKafkaClientFactory()) {
            mistakes.add("kafkaManualCommitFactory is "
                    + (endpoint.getKafkaManualCommitFactory() == null ? "not set" : "another")
                    + ", must be #" + reads.bean()
                    + " as kafkaClientFactory is: events come without their place in the bookkeeping"
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
        mistakes.unless("topicIsPattern", settings.isTopicIsPattern(), false, "it is one topic");
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

    private void checkOther(KafkaUse use, Set<ReadTopic> readers, Found found) {
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
        if (endpoint.getKafkaManualCommitFactory() instanceof StartEventClients clients) {
            ReadTopic reads = clients.reads();
            mistakes.add("kafkaManualCommitFactory=#" + reads.bean() + " without " + reads.option()
                    + ": records that did not come from that client have no place in its bookkeeping; name both for "
                    + name(reads) + ", neither elsewhere");
        }
        if (use.kind() == KafkaUse.Kind.READ
                && readers.stream().anyMatch(reads -> reads.groupId().equals(settings.getGroupId()))) {
            mistakes.add("groupId is " + settings.getGroupId()
                    + ", the service's own (serai.kafka.group-id): two kinds of consumers in"
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
