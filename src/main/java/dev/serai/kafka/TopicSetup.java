package dev.serai.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.login.LoginException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it, at start-up, that the topics exist. Missing ones are created with the broker's default replication;
 * existing ones are left as they are. Replicas that start at the same moment may all try: one creates, all go on.
 *
 * <p>The dead-letter topic must take whatever the start topic takes, with the headers that say what went wrong: it is
 * created with the start topic's effective {@code max.message.bytes} plus 64 KiB. Where that limit cannot be read, the
 * broker's default applies.
 *
 * <p>The session topic must have as many partitions as the start topic, and is created so, whatever the number asked
 * for. Where both exist and it has fewer, it is given more, if topics may be created. Where it has more, nothing is done:
 * how to go on is for an administrator to decide.
 *
 * <p>Immutable; each {@link #ensure} opens and closes an admin client of its own.
 */
public final class TopicSetup {
    private static final Logger log = LoggerFactory.getLogger(TopicSetup.class);

    /** Room for the headers of a dead letter. */
    private static final int DEAD_LETTER_HEADER_BYTES = 64 * 1024;

    private static final String NOT_TO_CREATE = "serai.kafka.create-topics is false";

    private static final Duration VISIBILITY_POLL = Duration.ofMillis(50);

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
        var settings = new HashMap<>(adminSettings);
        int milliseconds = Math.toIntExact(timeout.toMillis());
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, milliseconds);
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, milliseconds);
        this.adminSettings = Map.copyOf(settings);
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
        try (Admin admin = Admin.create(adminSettings)) {
            return ensure(admin, topics);
        } catch (KafkaException e) {
            throw unavailable(e, servers);
        }
    }

    /**
     * What {@link #ensure} would do, without doing it; Kafka is asked whether it would let this client.
     *
     * @return a sentence for each topic that would be created or be given partitions, by its name; empty if all is there
     * @throws TopicSetupException as {@link #ensure} does, but for what only shows when topics are created
     */
    public Map<String, String> plan(ConversationTopics topics) throws InterruptedException {
        BootstrapServers servers = BootstrapServers.look(adminSettings);
        servers.requireFitting();
        try (Admin admin = Admin.create(adminSettings)) {
            return plan(admin, topics);
        } catch (KafkaException e) {
            throw unavailable(e, servers);
        }
    }

    private Map<String, String> plan(Admin admin, ConversationTopics topics) throws InterruptedException {
        List<TopicSpec> missing = missing(admin, topics.specs());
        if (!missing.isEmpty() && !createMissing) {
            throw refusal(admin, topics, missing, NOT_TO_CREATE, null);
        }
        Map<String, String> plan = new LinkedHashMap<>();
        int start = partitions(admin, topics.start()).orElse(0);
        int sessions = partitions(admin, topics.sessions()).orElse(start);
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
                create(admin, topic, true);
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

    private List<String> ensure(Admin admin, ConversationTopics topics) throws InterruptedException {
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
                if (create(admin, topic, false)) {
                    log.info("created topic {}", topic);
                    created.add(topic.name());
                }
            } catch (RetriableException | AuthenticationException e) {
                throw e;
            } catch (ApiException e) {
                throw refusal(admin, topics, missing.subList(next, missing.size()), refused(topic, e), e);
            }
            awaitLeaders(admin, topic.name());
        }
        if (!missing.isEmpty()) {
            // Another replica may have created some of them, with settings of its own.
            requireSessionPartitions(admin, topics);
        }
        return List.copyOf(created);
    }

    private List<TopicSpec> missing(Admin admin, List<TopicSpec> topics) throws InterruptedException {
        List<TopicSpec> missing = new ArrayList<>();
        for (TopicSpec topic : topics) {
            try {
                describe(admin, topic.name());
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

    private static TopicDescription describe(Admin admin, String topic) throws InterruptedException {
        return answer(admin.describeTopics(List.of(topic)).allTopicNames())
                .values()
                .iterator()
                .next();
    }

    /** False when another replica was faster. */
    private static boolean create(Admin admin, TopicSpec topic, boolean onlyAsk) throws InterruptedException {
        var creation = new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                .configs(topic.configuration());
        try {
            answer(admin.createTopics(List.of(creation), new CreateTopicsOptions().validateOnly(onlyAsk))
                    .all());
            return true;
        } catch (TopicExistsException e) {
            return false;
        }
    }

    private void awaitLeaders(Admin admin, String topic) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!hasLeaders(admin, topic)) {
            if (System.nanoTime() >= deadline) {
                throw new TopicSetupException(
                        "topic " + topic + " exists, but not all of its partitions have a leader after "
                                + seconds(timeout) + ": check the brokers of " + bootstrapServers(),
                        null);
            }
            Thread.sleep(VISIBILITY_POLL);
        }
    }

    private static boolean hasLeaders(Admin admin, String topic) throws InterruptedException {
        try {
            return describe(admin, topic).partitions().stream()
                    .allMatch(partition ->
                            partition.leader() != null && !partition.leader().isEmpty());
        } catch (UnknownTopicOrPartitionException e) {
            return false; // the broker that was asked has not heard of it yet
        }
    }

    /** When the start topic has been given more partitions, the session topic is to have as many. */
    private void growSessions(Admin admin, ConversationTopics topics) throws InterruptedException {
        int start = partitions(admin, topics.start()).orElse(0);
        int sessions = partitions(admin, topics.sessions()).orElse(start);
        if (createMissing && sessions < start) {
            new SessionTopicGrowth(adminSettings, topics.sessions(), timeout).growTo(start);
        }
    }

    private void requireSessionPartitions(Admin admin, ConversationTopics topics) throws InterruptedException {
        OptionalInt sessions = partitions(admin, topics.sessions());
        if (sessions.isEmpty()) {
            return; // it will be created as the start topic is
        }
        OptionalInt start = partitions(admin, topics.start());
        if (start.orElse(topics.partitions()) != sessions.getAsInt()) {
            throw TopicSetupException.ofTopics(
                    topics.sessions() + " must have as many partitions as " + topics.start()
                            + ", since what is remembered of a conversation stands in the partition that its events come"
                            + " from; " + remedy(topics, sessions.getAsInt(), start),
                    null);
        }
    }

    private String remedy(ConversationTopics topics, int sessions, OptionalInt start) {
        String counts = topics.sessions() + " has " + sessions + ", " + topics.start();
        if (start.isEmpty()) {
            return counts + " is to be created with " + topics.partitions() + ". Set serai.kafka.partitions to "
                    + sessions + ", or create " + topics.start() + " with as many";
        }
        counts += " " + start.getAsInt() + ". ";
        return counts
                + (sessions < start.getAsInt()
                        ? moreSessionPartitions(topics, start.getAsInt())
                        : fewerOrMore(topics, sessions));
    }

    private String moreSessionPartitions(ConversationTopics topics, int wanted) {
        return lines("Nothing that is remembered is lost with:", alterCommand(topics.sessions(), wanted));
    }

    private String fewerOrMore(ConversationTopics topics, int sessions) {
        return lines(
                "Partitions cannot be taken away. Either forget all conversations; the topic is then created anew at"
                        + " the next start:",
                command() + "--delete --topic " + topics.sessions(),
                "Or give " + topics.start() + " more. Most of its keys then go to another partition: their"
                        + " conversations begin anew, and events from before and after the change may run at once:",
                alterCommand(topics.start(), sessions));
    }

    private static String lines(String... lines) {
        return String.join(System.lineSeparator(), lines);
    }

    private String alterCommand(String topic, int partitions) {
        return command() + "--alter --topic " + topic + " --partitions " + partitions;
    }

    private String command() {
        return "  kafka-topics.sh --bootstrap-server " + bootstrapServers() + " ";
    }

    private static OptionalInt partitions(Admin admin, String topic) throws InterruptedException {
        try {
            return OptionalInt.of(describe(admin, topic).partitions().size());
        } catch (UnknownTopicOrPartitionException e) {
            return OptionalInt.empty();
        }
    }

    /** With what depends on the start topic, as far as that is known. */
    private TopicSpec fitted(Admin admin, ConversationTopics topics, TopicSpec topic) throws InterruptedException {
        if (topic.name().equals(topics.sessions())) {
            return topic.with(partitions(admin, topics.start()).orElse(topic.partitions()));
        }
        return topic.name().equals(topics.deadLetters()) ? withDeadLetterLimit(admin, topics, topic) : topic;
    }

    private static TopicSpec withDeadLetterLimit(Admin admin, ConversationTopics topics, TopicSpec topic)
            throws InterruptedException {
        OptionalInt limit = maxMessageBytes(admin, topics.start());
        if (limit.isEmpty()) {
            return topic;
        }
        long withHeaders = Math.min(Integer.MAX_VALUE, (long) limit.getAsInt() + DEAD_LETTER_HEADER_BYTES);
        return topic.with(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(withHeaders));
    }

    private static OptionalInt maxMessageBytes(Admin admin, String topic) throws InterruptedException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config settings = answer(admin.describeConfigs(List.of(resource)).all())
                    .values()
                    .iterator()
                    .next();
            ConfigEntry limit = settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            return limit == null || limit.value() == null
                    ? OptionalInt.empty()
                    : OptionalInt.of(Integer.parseInt(limit.value()));
        } catch (UnknownTopicOrPartitionException e) {
            return OptionalInt.empty();
        } catch (AuthorizationException e) {
            log.warn(
                    "the size limit of topic {} may not be read: dead letters get the broker's default limit,"
                            + " and the largest events may not fit with the headers that are added",
                    topic);
            return OptionalInt.empty();
        }
    }

    private TopicSetupException refusal(
            Admin admin,
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
            message.add("If " + topics.start() + " is to have a max.message.bytes, give " + topics.deadLetters() + " "
                    + DEAD_LETTER_HEADER_BYTES + " more.");
        }
        return TopicSetupException.ofTopics(message.toString(), cause);
    }

    private TopicSetupException unavailable(KafkaException e, BootstrapServers servers) {
        String kafka = "Kafka at " + bootstrapServers();
        if (e instanceof RetriableException) {
            return new TopicSetupException(
                    kafka + " did not answer within " + seconds(timeout) + ": " + servers.whyNoAnswer(), e);
        }
        if (e instanceof SslAuthenticationException) {
            return new TopicSetupException(
                    kafka + " and this client do not agree on TLS: "
                            + rootCause(e).getMessage()
                            + "; check ssl.truststore.location, ssl.keystore.location and the name that the"
                            + " certificate is for, in serai.kafka.client-properties-file",
                    e);
        }
        if (e instanceof AuthenticationException) {
            return new TopicSetupException(
                    kafka + " refused this client's credentials: " + e.getMessage()
                            + "; check sasl.mechanism and sasl.jaas.config in serai.kafka.client-properties-file",
                    e);
        }
        if (causes(e).anyMatch(LoginException.class::isInstance)) {
            Object endpoint = adminSettings.get(SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL);
            return new TopicSetupException(
                    "this client cannot log in at " + kafka + ": "
                            + rootCause(e).getMessage() + "; check "
                            + (endpoint == null ? "" : "sasl.oauthbearer.token.endpoint.url (" + endpoint + ") and ")
                            + "sasl.jaas.config in serai.kafka.client-properties-file",
                    e);
        }
        return new TopicSetupException(
                kafka + " cannot be used: " + rootCause(e).getMessage(), e);
    }

    // Kafka's clients wrap what went wrong: "Failed to create new KafkaAdminClient".
    private static Throwable rootCause(Throwable e) {
        return causes(e).reduce((outer, inner) -> inner).orElse(e);
    }

    private static Stream<Throwable> causes(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause);
    }

    private static <T> T answer(KafkaFuture<T> pending) throws InterruptedException {
        try {
            return pending.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    private String bootstrapServers() {
        Object servers = adminSettings.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
        return servers instanceof Collection<?> several
                ? several.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(servers);
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
