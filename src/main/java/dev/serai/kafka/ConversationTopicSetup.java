package dev.serai.kafka;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.common.KafkaException;

/**
 * Sees to it, at start-up, that the topics of the flow exist. Missing ones are created with the broker's default replication;
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
 * <p>Immutable; each {@link #ensure} opens and closes an admin client of its own.
 *
 * @param adminSettings the admin client's settings, {@code bootstrap.servers} at least
 * @param createMissing false to fail over missing topics instead of creating them
 * @param timeout for each answer of Kafka and for new topics to become visible; at least 1 ms
 */
public record ConversationTopicSetup(Map<String, Object> adminSettings, boolean createMissing, Duration timeout) {
    public ConversationTopicSetup {
        adminSettings = Map.copyOf(adminSettings);
    }

    /** How many the two topics have; empty of one that is not there. */
    private record Partitions(OptionalInt start, OptionalInt sessions) {
        static Partitions of(TopicAdmin admin, ConversationTopics topics) throws InterruptedException {
            return new Partitions(admin.partitions(topics.start()), admin.partitions(topics.sessions()));
        }
    }

    private interface Work<T> {
        T of(TopicAdmin admin, TopicCreation creation) throws InterruptedException;
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
        return asked(topics, (admin, creation) -> {
            List<TopicSpec> missing = creation.missing(topics.specs());
            Partitions there = Partitions.of(admin, topics);
            if (mayGrowSessions(there)) {
                new SessionTopicGrowth(adminSettings, topics.sessions(), timeout)
                        .growTo(there.start().orElse(0));
                there = Partitions.of(admin, topics);
            }
            requireSessionPartitions(there, topics);
            List<TopicSpec> created = creation.create(missing, false);
            if (!missing.isEmpty()) {
                // Another replica may have created some of them, with settings of its own.
                requireSessionPartitions(Partitions.of(admin, topics), topics);
            }
            return created.stream().map(TopicSpec::name).toList();
        });
    }

    /**
     * What {@link #ensure} would do, without doing it; Kafka is asked whether it would let this client.
     *
     * @return a sentence for each topic that would be created or be given partitions, by its name; empty if all is there
     * @throws TopicSetupException as {@link #ensure} does, but for what only shows when topics are created
     */
    public Map<String, String> plan(ConversationTopics topics) throws InterruptedException {
        return asked(topics, (admin, creation) -> {
            Map<String, String> plan = new LinkedHashMap<>();
            List<TopicSpec> missing = creation.missing(topics.specs());
            Partitions there = Partitions.of(admin, topics);
            if (mayGrowSessions(there)) {
                plan.put(
                        topics.sessions(),
                        "topic " + topics.sessions() + " has "
                                + there.sessions().orElse(0)
                                + " partitions and is given " + there.start().orElse(0) + " by the start, as "
                                + topics.start() + " has");
            } else {
                requireSessionPartitions(there, topics);
            }
            for (TopicSpec topic : creation.create(missing, true)) {
                plan.put(topic.name(), "topic " + topic + " is not there, and is created by the start");
            }
            return plan;
        });
    }

    private <T> T asked(ConversationTopics topics, Work<T> work) throws InterruptedException {
        BootstrapServers servers = BootstrapServers.look(adminSettings);
        servers.requireFitting();
        try (TopicAdmin admin = new TopicAdmin(adminSettings, timeout)) {
            return work.of(
                    admin,
                    new TopicCreation(
                            admin,
                            ClientProperties.bootstrapServers(adminSettings),
                            createMissing,
                            timeout,
                            Map.of(topics.deadLetters(), topics.sentToDeadLetters()),
                            Map.of(topics.sessions(), topics.start())));
        } catch (KafkaException e) {
            throw new KafkaUnusable(adminSettings, timeout).because(e, servers);
        }
    }

    /** When the start topic has been given more partitions, the session topic is to have as many. */
    private boolean mayGrowSessions(Partitions there) {
        int start = there.start().orElse(0);
        return createMissing && there.sessions().orElse(start) < start;
    }

    private void requireSessionPartitions(Partitions there, ConversationTopics topics) {
        OptionalInt sessions = there.sessions();
        if (sessions.isEmpty()) {
            return; // it will be created as the start topic is
        }
        OptionalInt start = there.start();
        if (start.orElse(topics.partitions()) != sessions.getAsInt()) {
            String servers = ClientProperties.bootstrapServers(adminSettings);
            throw TopicSetupException.ofTopics(
                    topics.sessions() + " must have as many partitions as " + topics.start()
                            + ", since what is remembered of a conversation stands in the partition that its events come"
                            + " from; "
                            + new PartitionsRemedy(servers, topics).text(sessions.getAsInt(), start),
                    null);
        }
    }
}
