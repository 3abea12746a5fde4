package dev.serai.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.StringJoiner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it, at start-up, that the topics exist. Missing ones are created with the broker's default replication;
 * existing ones are left as they are. Replicas that start at the same moment may all try: one creates, all go on.
 *
 * <p>The dead-letter topic must take whatever the start topic and topics of raw events take, with the headers that say what
 * went wrong: it is created with the largest effective {@code max.message.bytes} of those plus 64 KiB. Where that limit cannot
 * be read, the broker's default applies.
 *
 * <p>The session topic must have as many partitions as the start topic, and is created so, whatever the number asked
 * for. Where both exist and it has fewer, it is given more, if topics may be created. Where it has more, nothing is done:
 * how to go on is for an administrator to decide.
 *
 * <p>Immutable; each {@link #ensure(ConversationTopics)} opens and closes an admin client of its own.
 */
public final class TopicSetup {
    private static final Logger log = LoggerFactory.getLogger(TopicSetup.class);

    /** Room for the headers of a dead letter, or of a row of a job. */
    private static final int HEADER_BYTES = 64 * 1024;

    private static final String NOT_TO_CREATE = "serai.kafka.create-topics is false";

    private final Map<String, Object> adminSettings;
    private final boolean createMissing;
    private final Duration timeout;

    /**
     * @param adminSettings the admin client's settings, {@code bootstrap.servers} at least
     * @param createMissing false to fail over missing topics instead of creating them
     * @param timeout for each answer of Kafka and for new topics to become visible; at least 1 ms
     */
    public TopicSetup(Map<String, Object> adminSettings, boolean createMissing, Duration timeout) {
        this.createMissing = createMissing;
        this.timeout = timeout;
        this.adminSettings = Map.copyOf(adminSettings);
    }

    /**
     * Returns once all of the topics exist, with a leader for every partition.
     *
     * @return the names of those that this call created, in the order of their creation
     * @throws TopicSetupException if Kafka does not answer in time, refuses, or speaks something else than the settings
     *     say; if topics are missing and may not be created; or if the session topic has other partitions than the start
     *     topic and is not given as many. It then names the topics, and the commands that mend it
     */
    public List<String> ensure(ConversationTopics topics) throws InterruptedException {
        BootstrapServers servers = BootstrapServers.look(adminSettings);
        servers.requireFitting();
        try (TopicAdmin admin = new TopicAdmin(adminSettings, timeout)) {
            return ensure(admin, topics);
        } catch (KafkaException e) {
            throw new KafkaUnusable(adminSettings, timeout).because(e, servers);
        }
    }

    /**
     * The same for topics that stand for themselves.
     *
     * @throws TopicSetupException if Kafka does not answer in time, or refuses
     */
    public List<String> ensure(List<TopicSpec> topics) throws InterruptedException {
        return ensure(topics, Map.of());
    }

    /**
     * The same for topics of which some must take whatever another takes, with headers: they are created with its effective
     * {@code max.message.bytes} plus 64 KiB.
     *
     * @param takes by the name of such a topic, the name of the other
     * @throws TopicSetupException if Kafka does not answer in time, or refuses
     */
    public List<String> ensure(List<TopicSpec> topics, Map<String, String> takes) throws InterruptedException {
        List<String> created = new ArrayList<>();
        try (TopicAdmin admin = new TopicAdmin(adminSettings, timeout)) {
            for (TopicSpec topic : missing(admin, topics)) {
                String other = takes.get(topic.name());
                create(admin, other == null ? topic : withRoomFor(admin, List.of(other), topic), created);
            }
        } catch (KafkaException e) {
            throw new KafkaUnusable(adminSettings, timeout).because(e, BootstrapServers.look(adminSettings));
        }
        return List.copyOf(created);
    }

    /** Notes the name if no other replica was faster. */
    private void create(TopicAdmin admin, TopicSpec topic, List<String> created) throws InterruptedException {
        if (admin.create(topic, false)) {
            log.info("created topic {}", topic);
            created.add(topic.name());
        }
        if (!admin.awaitLeaders(topic.name(), 0, 1)) {
            throw new TopicSetupException(
                    "topic " + topic.name() + " exists, but not all of its partitions have a leader after "
                            + timeout.toMillis() / 1000.0 + " s: check the brokers of " + bootstrapServers(),
                    null);
        }
    }

    /**
     * How large a record may be that a topic takes, in bytes, its batch among them; empty if the topic is not there, or this
     * client may not ask.
     *
     * @throws KafkaException if Kafka does not answer in time, or refuses
     */
    public OptionalInt maxMessageBytes(String topic) throws InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(adminSettings, timeout)) {
            return admin.maxMessageBytes(topic);
        } catch (AuthorizationException e) {
            log.debug("the size limit of topic {} may not be read", topic, e);
            return OptionalInt.empty();
        }
    }

    /**
     * What {@link #ensure(ConversationTopics)} would do, without doing it; Kafka is asked whether it would let this client.
     *
     * @return a sentence for each topic that would be created or be given partitions, by its name; empty if all is there
     * @throws TopicSetupException as {@link #ensure(ConversationTopics)} does, but for what only shows when topics are created
     */
    public Map<String, String> plan(ConversationTopics topics) throws InterruptedException {
        BootstrapServers servers = BootstrapServers.look(adminSettings);
        servers.requireFitting();
        try (TopicAdmin admin = new TopicAdmin(adminSettings, timeout)) {
            return plan(admin, topics);
        } catch (KafkaException e) {
            throw new KafkaUnusable(adminSettings, timeout).because(e, servers);
        }
    }

    private Map<String, String> plan(TopicAdmin admin, ConversationTopics topics) throws InterruptedException {
        List<TopicSpec> missing = missing(admin, topics.specs());
        if (!missing.isEmpty() && !createMissing) {
            throw refusal(admin, topics, missing, NOT_TO_CREATE, null);
        }
        Map<String, String> plan = new LinkedHashMap<>();
        int start = admin.partitions(topics.start()).orElse(0);
        int sessions = admin.partitions(topics.sessions()).orElse(start);
        if (createMissing && sessions < start) {
            plan.put(
                    topics.sessions(),
                    "topic " + topics.sessions() + " has " + sessions + " partitions and is given " + start
                            + " by the start, as " + topics.start() + " has");
        } else {
            requireSessionPartitions(admin, topics);
        }
        for (int next = 0; next < missing.size(); next++) {
            TopicSpec topic = fitted(admin, topics, missing.get(next));
            try {
                admin.create(topic, true);
            } catch (RetriableException | AuthenticationException e) {
                throw e;
            } catch (ApiException e) {
                throw refusal(admin, topics, missing.subList(next, missing.size()), refused(topic, e), e);
            }
            plan.put(topic.name(), "topic " + topic + " is not there, and is created by the start");
        }
        return plan;
    }

    private static String refused(TopicSpec topic, ApiException e) {
        return "creating " + topic.name() + " was refused: " + e.getMessage();
    }

    private List<String> ensure(TopicAdmin admin, ConversationTopics topics) throws InterruptedException {
        List<TopicSpec> missing = missing(admin, topics.specs());
        growSessions(admin, topics);
        requireSessionPartitions(admin, topics);
        if (!missing.isEmpty() && !createMissing) {
            throw refusal(admin, topics, missing, NOT_TO_CREATE, null);
        }
        List<String> created = new ArrayList<>();
        for (int next = 0; next < missing.size(); next++) {
            TopicSpec topic = fitted(admin, topics, missing.get(next));
            try {
                create(admin, topic, created);
            } catch (RetriableException | AuthenticationException e) {
                throw e;
            } catch (ApiException e) {
                throw refusal(admin, topics, missing.subList(next, missing.size()), refused(topic, e), e);
            }
        }
        if (!missing.isEmpty()) {
            // Another replica may have created some of them, with settings of its own.
            requireSessionPartitions(admin, topics);
        }
        return List.copyOf(created);
    }

    private List<TopicSpec> missing(TopicAdmin admin, List<TopicSpec> topics) throws InterruptedException {
        List<TopicSpec> missing = new ArrayList<>();
        for (TopicSpec topic : topics) {
            try {
                admin.describe(topic.name());
            } catch (UnknownTopicOrPartitionException e) {
                missing.add(topic);
            } catch (AuthorizationException e) {
                throw TopicSetupException.ofTopics(
                        "Kafka at " + bootstrapServers() + " does not let this client see topic " + topic.name()
                                + ": allow it to describe the topic",
                        e);
            }
        }
        return missing;
    }

    /** When the start topic has been given more partitions, the session topic is to have as many. */
    private void growSessions(TopicAdmin admin, ConversationTopics topics) throws InterruptedException {
        int start = admin.partitions(topics.start()).orElse(0);
        int sessions = admin.partitions(topics.sessions()).orElse(start);
        if (createMissing && sessions < start) {
            new SessionTopicGrowth(adminSettings, topics.sessions(), timeout).growTo(start);
        }
    }

    private void requireSessionPartitions(TopicAdmin admin, ConversationTopics topics) throws InterruptedException {
        OptionalInt sessions = admin.partitions(topics.sessions());
        if (sessions.isEmpty()) {
            return; // it will be created as the start topic is
        }
        OptionalInt start = admin.partitions(topics.start());
        if (start.orElse(topics.partitions()) != sessions.getAsInt()) {
            throw TopicSetupException.ofTopics(
                    topics.sessions() + " must have as many partitions as " + topics.start()
                            + ", since what is remembered of a conversation stands in the partition that its events come"
                            + " from; "
                            + new PartitionsRemedy(bootstrapServers(), topics).text(sessions.getAsInt(), start),
                    null);
        }
    }

    /** With what depends on the start topic, as far as that is known. */
    private TopicSpec fitted(TopicAdmin admin, ConversationTopics topics, TopicSpec topic) throws InterruptedException {
        if (topic.name().equals(topics.sessions())) {
            return topic.with(admin.partitions(topics.start()).orElse(topic.partitions()));
        }
        return topic.name().equals(topics.deadLetters())
                ? withRoomFor(admin, topics.sentToDeadLetters(), topic)
                : topic;
    }

    /** That takes what the others take, and headers. */
    private static TopicSpec withRoomFor(TopicAdmin admin, List<String> others, TopicSpec topic)
            throws InterruptedException {
        int largest = 0;
        for (String from : others) {
            OptionalInt limit = maxMessageBytes(admin, from, topic.name());
            if (limit.isEmpty()) {
                return topic;
            }
            largest = Math.max(largest, limit.getAsInt());
        }
        long withHeaders = Math.min(Integer.MAX_VALUE, (long) largest + HEADER_BYTES);
        return topic.with(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(withHeaders));
    }

    private static OptionalInt maxMessageBytes(TopicAdmin admin, String topic, String created)
            throws InterruptedException {
        try {
            return admin.maxMessageBytes(topic);
        } catch (AuthorizationException e) {
            log.warn(
                    "the size limit of topic {} may not be read: {} gets the broker's default limit, and the largest"
                            + " events may not fit with the headers that are added",
                    topic,
                    created);
            return OptionalInt.empty();
        }
    }

    private TopicSetupException refusal(
            TopicAdmin admin,
            ConversationTopics topics,
            List<TopicSpec> missing,
            String reason,
            @Nullable ApiException cause)
            throws InterruptedException {
        var message = new StringJoiner(System.lineSeparator());
        message.add("topics are missing and were not created (" + reason + "):");
        List<TopicSpec> complete = new ArrayList<>();
        for (TopicSpec topic : missing) {
            complete.add(fitted(admin, topics, topic));
        }
        complete.forEach(topic -> message.add("  " + topic));
        message.add("Create them with:");
        complete.forEach(topic -> message.add("  " + topic.createCommand(bootstrapServers())));
        boolean limitUnknown = complete.stream()
                .anyMatch(topic -> topic.name().equals(topics.deadLetters())
                        && !topic.configuration().containsKey(TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
        if (limitUnknown) {
            message.add("If " + String.join(" or ", topics.sentToDeadLetters())
                    + " is to have a max.message.bytes, give " + topics.deadLetters() + " " + HEADER_BYTES + " more.");
        }
        return TopicSetupException.ofTopics(message.toString(), cause);
    }

    private String bootstrapServers() {
        return ClientProperties.bootstrapServers(adminSettings);
    }
}
